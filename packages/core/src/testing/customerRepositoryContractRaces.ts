import { assert } from "@effect/vitest"
import { Array, Effect, Result } from "effect"
import type { Customer } from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { Email } from "../value/Email.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshAddressId, freshWord, plain, registration, written } from "./strangers.ts"

const address = { street: "1 Main St", city: "Springfield", country: "US", zipCode: "62701" }

const atOnce = { concurrency: "unbounded" } as const

const withNineAddresses = (): Customer =>
  Array.range(1, 9).reduce(
    (current) =>
      Result.getOrThrow(Decisions.addAddress(current, address, freshAddressId(), 10, circumstances())).customer,
    registration().customer
  )

/** What two writers at once must not break. */
export const races = (it: ContractSuite<CustomerRepository | StoredFacts>): void => {
  it.effect("two concurrent creates of one email give exactly one EmailTaken, whatever the capitals", () =>
    Effect.forEach(
      Array.range(1, 5),
      Effect.fnUntraced(function* () {
        const repository = yield* CustomerRepository
        const facts = yield* StoredFacts
        const local = `jane.${freshWord()}`
        const twins = [local, local.toUpperCase()].map((name) =>
          registration({ email: Email.make(`${name}@example.com`) })
        )
        const attempts = yield* Effect.forEach(twins, (twin) => Effect.result(repository.insert(twin)), atOnce)
        const refusals = attempts.flatMap((attempt) => (Result.isFailure(attempt) ? attempt.failure._tag : []))
        assert.deepStrictEqual(refusals, ["EmailTaken"])
        const events = yield* Effect.forEach(twins, (twin) => facts.events(twin.customer.id))
        assert.strictEqual(events.flat().length, 1)
      })
    )
  )

  it.effect("20 concurrent modifies of one customer lose none", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const facts = yield* StoredFacts
      const { id } = yield* repository.insert(registration())
      const keys = Array.range(1, 20).map((number) => `key${number}`)
      const answers = yield* Effect.forEach(
        keys,
        (key) =>
          repository.modify(id, (current) =>
            Decisions.update(current, { preferences: { custom: { [key]: true } } }, circumstances(60))
          ),
        atOnce
      )
      const versions = answers.map((answer) => answer.version).sort((one, other) => one - other)
      assert.deepStrictEqual(versions, Array.range(2, 21))
      const found = yield* repository.get(id)
      assert.strictEqual(found.version, 21)
      assert.deepStrictEqual(found.preferences.custom, Object.fromEntries(keys.map((key) => [key, true])))
      const events = yield* facts.events(id)
      assert.deepStrictEqual(
        events.map((event) => event.customerVersion),
        Array.range(1, 21)
      )
    })
  )

  it.effect("an 11th address racing the 10th never gets in", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const { id } = yield* repository.insert(written(withNineAddresses()))
      const add = (current: Customer) => Decisions.addAddress(current, address, freshAddressId(), 10, circumstances(60))
      const attempts = yield* Effect.forEach(
        Array.range(1, 10),
        () => Effect.result(repository.modify(id, add)),
        atOnce
      )
      const refusals = attempts.flatMap((attempt) => (Result.isFailure(attempt) ? attempt.failure._tag : []))
      assert.deepStrictEqual(refusals, Array.replicate("AddressLimitExceeded", 9))
      assert.strictEqual((yield* repository.get(id)).addresses.length, 10)
    })
  )

  it.effect("a change of address to one that somebody has fails with EmailTaken, whatever the capitals", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const local = `jane.${freshWord()}`
      const moveTo = (name: string) => (current: Customer) =>
        Result.succeed(written({ ...current, email: Email.make(`${name}@example.com`), version: current.version + 1 }))
      const owner = yield* repository.insert(registration({ email: Email.make(`${local}@example.com`) }))
      const other = yield* repository.insert(registration())
      for (const name of [local, local.toUpperCase()]) {
        assert.strictEqual((yield* Effect.flip(repository.modify(other.id, moveTo(name))))._tag, "EmailTaken")
      }
      assert.deepStrictEqual(plain(yield* repository.get(other.id)), plain(other))
      const respelt = yield* repository.modify(owner.id, moveTo(local.toUpperCase()))
      assert.strictEqual(respelt.email, `${local.toUpperCase()}@example.com`)

      const free = freshWord()
      const movers = [owner.id, other.id].map((id) => Effect.result(repository.modify(id, moveTo(free))))
      const refusals = (yield* Effect.all(movers, atOnce)).flatMap((move) =>
        Result.isFailure(move) ? move.failure._tag : []
      )
      assert.deepStrictEqual(refusals, ["EmailTaken"])
    })
  )
}
