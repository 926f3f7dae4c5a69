import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import * as fc from "fast-check"
import * as Customers from "../src/customer/Customers.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import * as PasswordHasher from "../src/identity/PasswordHasher.ts"
import * as SessionStore from "../src/identity/SessionStore.ts"
import { type Actor, CurrentActor } from "../src/request/Actor.ts"
import { Email, EmailInput } from "../src/value/Email.ts"
import {
  Arbitraries,
  forAll,
  freshAddressId,
  freshCustomerId,
  freshLegacyId,
  freshWord,
  registration,
  StoredFacts,
  unlikeAnyOther,
  written
} from "../src/testing/index.ts"
import { cachedMemory } from "./memoryLayers.ts"

const services = Layer.mergeAll(cachedMemory, PasswordHasher.layerMemory, SessionStore.layerMemory()).pipe(
  Layer.provideMerge(SecureRandom.layerWebCrypto)
)

const actor = (kind: Actor["kind"], subject: string, ...scopes: ReadonlyArray<string>): Actor => ({
  kind,
  subject,
  scopes: new Set(scopes)
})

const as = (who: Actor) => Effect.provideService(CurrentActor, who)
const asStaff = as(actor("staff", "ada", "customers:admin"))
const asOrders = as(actor("service", "orders", "customers:read", "customers:write"))
const asCustomer = (id: CustomerId) => as(actor("customer", id, "customers:read", "customers:write"))

const freshEmail = () => Email.make(`${freshWord()}@example.com`)
const address = { street: "1 Main St", city: "Springfield", country: "US", zipCode: "62701" }

const tagOf = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => error._tag)

describe("registering", () => {
  layer(services)((it) => {
    it.effect("keeps a hash of the password, and shows neither", () =>
      Effect.gen(function* () {
        const facts = yield* StoredFacts
        const password = Redacted.make("correct horse battery")
        const customer = yield* Customers.register({ email: freshEmail() }, password)
        const hash = Option.getOrThrow(yield* facts.passwordHash(customer.id))
        const shown = JSON.stringify([
          customer,
          yield* Customers.document(customer.id),
          yield* facts.events(customer.id)
        ])
        assert.notInclude(shown, "correct horse battery")
        assert.notInclude(shown, hash)
      })
    )

    it.effect.each([
      ["short", "must be at least 8 characters long"],
      ["x".repeat(129), "must be at most 128 characters long"],
      ["👩‍👩‍👧", "must be at least 8 characters long"]
    ] as const)("refuses the password %j and keeps nobody", ([password, message]) =>
      Effect.gen(function* () {
        const repository = yield* CustomerRepository
        const email = freshEmail()
        const refused = yield* Effect.flip(Customers.register({ email }, Redacted.make(password)))
        assert.deepInclude(refused, { _tag: "WeakPassword", message })
        assert.notInclude(JSON.stringify(refused), password)
        assert.deepStrictEqual((yield* repository.list({ limit: 1, email })).customers, [])
      })
    )

    it.effect("counts the characters of a password as people do", () =>
      Effect.gen(function* () {
        const { version } = yield* Customers.register({ email: freshEmail() }, Redacted.make("🔑🔑🔑🔑🔑🔑🔑🔑"))
        assert.strictEqual(version, 1)
      })
    )

    it.effect("is told EmailTaken for an address that somebody has, in whatever capitals", () =>
      forAll(
        fc.tuple(Arbitraries.email, fc.infiniteStream(fc.boolean())),
        50,
        Effect.fnUntraced(function* ([sample, capitals]) {
          const email = unlikeAnyOther({ ...registration().customer, email: sample }).email
          yield* Customers.register({ email })
          const respelt = [...email].map((letter) => (capitals.next().value ? letter.toUpperCase() : letter)).join("")
          const twin = Customers.register({ email: yield* Schema.decodeEffect(EmailInput)(respelt) })
          assert.strictEqual(yield* tagOf(twin), "EmailTaken")
        })
      )
    )

    it.effect("is not for customers", () =>
      Effect.gen(function* () {
        const tag = yield* tagOf(Customers.register({ email: freshEmail() }).pipe(asCustomer(freshCustomerId())))
        assert.strictEqual(tag, "ActionForbidden")
      })
    )
  })
})

describe("a customer", () => {
  layer(services)((it) => {
    it.effect("reaches herself, by her id in any capitals and by her Magento id", () =>
      Effect.gen(function* () {
        const repository = yield* CustomerRepository
        const legacyId = freshLegacyId()
        const { id } = yield* repository.insert(written({ ...registration().customer, legacyId }))
        for (const identifier of [id, id.toUpperCase(), String(legacyId)]) {
          assert.strictEqual(yield* Customers.resolve(identifier).pipe(asCustomer(id)), id)
        }
      })
    )

    it.effect("is told the same about another customer as about nobody", () =>
      Effect.gen(function* () {
        const repository = yield* CustomerRepository
        const legacyId = freshLegacyId()
        const other = yield* repository.insert(written({ ...registration().customer, legacyId }))
        for (const identifier of [other.id, freshCustomerId(), String(legacyId), String(freshLegacyId())]) {
          const refused = yield* Effect.flip(Customers.resolve(identifier).pipe(asCustomer(freshCustomerId())))
          assert.deepInclude(refused, { _tag: "CustomerNotFound", customerId: identifier })
        }
      })
    )

    it.effect("lists nobody and reads nobody in a batch", () =>
      Effect.gen(function* () {
        const me = freshCustomerId()
        assert.strictEqual(yield* tagOf(Customers.list({ limit: 1 }).pipe(asCustomer(me))), "ActionForbidden")
        assert.strictEqual(yield* tagOf(Customers.getMany([me]).pipe(asCustomer(me))), "ActionForbidden")
      })
    )

    it.effect("does not find another's address among her own", () =>
      Effect.gen(function* () {
        const mine = yield* Customers.register({ email: freshEmail() })
        const other = yield* Customers.register({ email: freshEmail() })
        const theirs = freshAddressId()
        yield* Customers.addAddress(other.id, address, theirs)
        const attempts = [
          tagOf(Customers.getAddress(mine.id, theirs)),
          tagOf(Customers.changeAddress(mine.id, theirs, { city: "Shelbyville" })),
          tagOf(Customers.removeAddress(mine.id, theirs))
        ]
        assert.deepStrictEqual(yield* Effect.all(attempts), ["AddressNotFound", "AddressNotFound", "AddressNotFound"])
        assert.strictEqual((yield* Customers.getAddress(other.id, theirs)).address.city, "Springfield")
      })
    )

    it.effect.each(["", "0", "4294967296", "1.5", "01", "1e3", "-1", "not-a-uuid", "1 OR 1=1", "\u0000"])(
      "is never found by %j",
      (identifier) =>
        Effect.gen(function* () {
          const refused = yield* Effect.flip(Customers.resolve(identifier))
          assert.strictEqual(refused._tag, "InvalidInput")
        })
    )
  })
})

describe("a closed account", () => {
  layer(services)((it) => {
    const closed = Effect.gen(function* () {
      const { id } = yield* Customers.register({ email: freshEmail() })
      yield* Customers.document(id)
      yield* Customers.deactivate(id)
      return id
    })

    it.effect("is shown to staff alone", () =>
      Effect.gen(function* () {
        const id = yield* closed
        assert.strictEqual((yield* Customers.get(id).pipe(asStaff)).status, "inactive")
        assert.strictEqual(JSON.parse((yield* Customers.document(id).pipe(asStaff)).json).status, "inactive")
        assert.lengthOf(yield* Customers.getMany([id]).pipe(asStaff), 1)
        for (const who of [asOrders, asCustomer(id)]) {
          assert.strictEqual(yield* tagOf(who(Customers.get(id))), "CustomerNotFound")
          assert.strictEqual(yield* tagOf(who(Customers.document(id))), "CustomerNotFound")
        }
        assert.deepStrictEqual(yield* Customers.getMany([id]).pipe(asOrders), [])
      })
    )

    it.effect("refuses every write, whoever makes it", () =>
      Effect.gen(function* () {
        const id = yield* closed
        const attempts = [
          tagOf(Customers.update(id, { profile: { firstName: "Zoë" } }).pipe(asStaff)),
          tagOf(Customers.addAddress(id, address, freshAddressId()).pipe(asStaff)),
          tagOf(Customers.deactivate(id).pipe(asStaff))
        ]
        assert.deepStrictEqual(new Set(yield* Effect.all(attempts)), new Set(["CustomerNotFound"]))
      })
    )
  })
})

describe("writing", () => {
  layer(services)((it) => {
    it.effect("under an expected version happens once among callers who expect the same", () =>
      Effect.gen(function* () {
        const { id } = yield* Customers.register({ email: freshEmail() })
        const write = (firstName: string) => Customers.update(id, { profile: { firstName } }, { expectedVersion: 1 })
        yield* write("Zoë")
        assert.deepInclude(yield* Effect.flip(write("Ann")), { _tag: "VersionConflict", current: 2 })
        assert.strictEqual((yield* Customers.get(id)).profile.firstName, "Zoë")
      })
    )

    it.effect("puts the actor into the consent ledger", () =>
      Effect.gen(function* () {
        const facts = yield* StoredFacts
        const { id } = yield* Customers.register({ email: freshEmail() })
        yield* Customers.update(id, { preferences: { marketing: { smsOptIn: true } } }).pipe(asCustomer(id))
        const last = (yield* facts.consents(id)).at(-1)
        assert.deepInclude(last, { purpose: "marketing", channel: "sms", granted: true, source: "customer", by: id })
      })
    )

    it.effect("keeps to the shop's number of addresses", () =>
      Effect.gen(function* () {
        const { id } = yield* Customers.register({ email: freshEmail() })
        yield* Customers.addAddress(id, address, freshAddressId())
        const second = Customers.addAddress(id, address, freshAddressId())
        assert.deepInclude(yield* Effect.flip(second), { _tag: "AddressLimitExceeded", limit: 1 })
      }).pipe(Effect.provideService(CustomerPolicy, { ...CustomerPolicy.defaultValue(), maxAddresses: 1 }))
    )

    it.effect("with a key twice is told of the first", () =>
      Effect.gen(function* () {
        const { id } = yield* Customers.register({ email: freshEmail() })
        const once = { key: freshWord(), fingerprint: "body", answer: () => "the first answer" }
        yield* Customers.addAddress(id, address, freshAddressId(), { once })
        const again = yield* Effect.flip(Customers.addAddress(id, address, freshAddressId(), { once }))
        assert.deepInclude(again, { _tag: "AlreadyAnswered", answer: "the first answer" })
        assert.lengthOf((yield* Customers.get(id)).addresses, 1)
      })
    )
  })
})
