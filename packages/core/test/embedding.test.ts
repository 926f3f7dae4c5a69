import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import {
  AddressBook,
  CachedCustomerRepository,
  CustomerChanges,
  CustomerCache,
  CustomerDocuments,
  CustomerRepository,
  Customers,
  makeAddressId,
  NewCustomer,
  PasswordHasher,
  SessionStore
} from "../src/index.ts"

/** What a service chooses that runs the use cases in its own process, here all of it in memory. */
const adapters = CachedCustomerRepository.layer.pipe(
  Layer.provide([CustomerRepository.layerMemory, CustomerCache.layerMemory()]),
  Layer.merge(PasswordHasher.layerMemory),
  Layer.merge(SessionStore.layerMemory()),
  Layer.provideMerge(SecureRandom.layerWebCrypto)
)

const register = Schema.decodeEffect(NewCustomer)({
  email: "jane.smith@example.com",
  profile: { firstName: "Jane", lastName: "Smith", phone: "+1-555-0125" },
  preferences: { language: "en", currency: "USD", marketing: { emailOptIn: true } }
})

const update = Schema.decodeEffect(CustomerChanges)({
  profile: { firstName: "John", lastName: "Doe", phone: "+1-555-0124", dateOfBirth: "1985-06-15" },
  preferences: { language: "en", currency: "USD", marketing: { emailOptIn: true, smsOptIn: true } }
})

const shipping = Schema.decodeEffect(AddressBook.NewAddress)({
  type: "shipping",
  street: "123 Main St",
  street2: "Apt 4B",
  city: "New York",
  state: "NY",
  zipCode: "10001",
  country: "US"
})

it.live("a service in the same process runs the specification's life of a customer", () =>
  Effect.gen(function* () {
    const created = yield* Customers.register(yield* register, Redacted.make("securePassword123"))
    assert.strictEqual(created.status, "pending")
    assert.strictEqual(created.version, 1)

    const updated = yield* Customers.update(created.id, yield* update, { expectedVersion: 1 })
    assert.deepInclude(updated.profile, { firstName: "John", phone: "+1-555-0124", dateOfBirth: "1985-06-15" })
    assert.deepStrictEqual(updated.preferences.marketing, { emailOptIn: true, smsOptIn: true, pushOptIn: true })

    const addressId = yield* makeAddressId
    const { addresses } = yield* Customers.addAddress(created.id, yield* shipping, addressId)
    assert.deepInclude(addresses[0], { id: addressId, isDefault: true, street: "123 Main St", zipCode: "10001" })
    const { address } = yield* Customers.getAddress(created.id, addressId)
    assert.deepStrictEqual(address, addresses[0])

    const { json, version } = yield* Customers.document(created.id)
    assert.strictEqual(version, 3)
    assert.deepInclude(JSON.parse(json), { id: created.id, email: "jane.smith@example.com", version: 3 })

    yield* Customers.deactivate(created.id)
    const documents = yield* CustomerDocuments.CustomerDocuments
    const gone = yield* Effect.flip(documents.find(created.id))
    assert.strictEqual(gone._tag, "CustomerNotFound")
  }).pipe(Effect.provide(adapters))
)
