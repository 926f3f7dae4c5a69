import { assert } from "@effect/vitest"
import { Array, Effect } from "effect"
import type { Customer } from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { AlreadyAnswered, Once } from "../request/Once.ts"
import { Email } from "../value/Email.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshAddressId, freshWord, registration } from "./strangers.ts"

const atOnce = { concurrency: "unbounded" } as const

const address = { street: "1 Main St", city: "Springfield", country: "US", zipCode: "62701" }

const once = (fingerprint = "body", key = freshWord()): Once => ({
  key,
  fingerprint,
  answer: (customer) => JSON.stringify({ id: customer.id, version: customer.version, note: "Zoë\n" })
})

const addAddress = (current: Customer) =>
  Decisions.addAddress(current, address, freshAddressId(), 10, circumstances(60))

const removeUnknown = (current: Customer) => Decisions.removeAddress(current, freshAddressId(), circumstances(60))

/** What a caller is told: her own answer, or the one that was given before. */
const told = <E extends { readonly _tag: string }>(write: Effect.Effect<Customer, E | AlreadyAnswered>, key: Once) =>
  write.pipe(
    Effect.map((customer) => ({ answer: key.answer(customer), replayed: false })),
    Effect.catchTag("AlreadyAnswered", (earlier) =>
      Effect.succeed({ answer: (earlier as AlreadyAnswered).answer, replayed: true })
    )
  )

const assertOneWriteFor = (callers: ReadonlyArray<{ readonly answer: string; readonly replayed: boolean }>) => {
  assert.strictEqual(callers.filter(({ replayed }) => !replayed).length, 1)
  assert.strictEqual(new Set(callers.map(({ answer }) => answer)).size, 1)
}

/** Writes that come with a key. */
export const onceOnly = (it: ContractSuite<CustomerRepository | StoredFacts>): void => {
  it.effect("a write with a key happens once and replays its answer, also to a racing twin", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const facts = yield* StoredFacts
      const [creation, addition] = [once(), once()]
      const email = Email.make(`${freshWord()}@example.com`)
      const twins = Array.makeBy(10, () => registration({ email }))
      const creators = yield* Effect.forEach(twins, (twin) => told(repository.insert(twin, creation), creation), atOnce)
      assertOneWriteFor(creators)
      const { customers } = yield* repository.list({ limit: 10, email })
      assert.strictEqual(customers.length, 1)
      const events = yield* Effect.forEach(twins, (twin) => facts.events(twin.customer.id))
      assert.strictEqual(events.flat().length, 1)

      const add = told(repository.modify(customers[0]?.id ?? twins[0].customer.id, addAddress, addition), addition)
      const adders = yield* Effect.all(Array.replicate(add, 10), atOnce)
      assertOneWriteFor([...adders, yield* add])
      const [found] = (yield* repository.list({ limit: 10, email })).customers
      assert.strictEqual(found?.addresses.length, 1)
      assert.strictEqual(found?.version, 2)
    })
  )

  it.effect("a key that comes back with another body fails with IdempotencyKeyReused", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const first = once("one body")
      const { id } = yield* repository.insert(registration(), first)
      const other = once("another body", first.key)
      const stranger = registration()
      assert.strictEqual((yield* Effect.flip(repository.insert(stranger, other)))._tag, "IdempotencyKeyReused")
      assert.strictEqual((yield* Effect.flip(repository.get(stranger.customer.id)))._tag, "CustomerNotFound")
      assert.strictEqual((yield* Effect.flip(repository.modify(id, addAddress, other)))._tag, "IdempotencyKeyReused")
      assert.strictEqual((yield* repository.get(id)).version, 1)
    })
  )

  it.effect("a failed write with a key can be tried again under the same key", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const [creation, addition] = [once(), once()]
      const { id, email } = yield* repository.insert(registration())
      const taken = yield* Effect.flip(repository.insert(registration({ email }), creation))
      assert.strictEqual(taken._tag, "EmailTaken")
      assert.strictEqual((yield* repository.insert(registration(), creation)).version, 1)
      const refused = yield* Effect.flip(repository.modify(id, removeUnknown, addition))
      assert.strictEqual(refused._tag, "AddressNotFound")
      assert.strictEqual((yield* repository.modify(id, addAddress, addition)).version, 2)
    })
  )
}
