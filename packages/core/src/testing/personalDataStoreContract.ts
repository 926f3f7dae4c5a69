import { assert, layer } from "@effect/vitest"
import { Array, DateTime, Effect, type Layer, Option, Result } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { ErasureReceipt } from "../privacy/ErasureReceipt.ts"
import { PersonalDataStore } from "../privacy/PersonalDataStore.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { erasing, exporting } from "./personalDataStoreContractErasure.ts"
import { silencing } from "./personalDataStoreContractEvents.ts"
import { beginErasure, knownPerson, type PersonalDataServices, planErasure } from "./personalDataStoreContractPeople.ts"
import { bringing } from "./strangers.ts"

/**
 * The contract of {@link PersonalDataStore}, beside the ports that write what it exports and erases. Nobody else may
 * claim erasures or messages meanwhile.
 */
export const personalDataStoreContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<PersonalDataServices | R, E>,
  time: PassingTime<PersonalDataServices | R> = testTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of PersonalDataStore`, (it) => {
    claiming(it, time)
    finishing(it, time)
    erasing(it)
    exporting(it)
    silencing(it)
  })

const assertNone = (all: ReadonlyArray<string>, others: ReadonlyArray<string>): void =>
  assert.deepStrictEqual(
    others.filter((one) => all.includes(one)),
    []
  )

const claim = (options: { readonly most?: number; readonly only?: CustomerId } = {}) =>
  Effect.flatMap(PersonalDataStore, (store) => store.claimDue({ most: 1000, leaseSeconds: 60, ...options }))

const stateOf = (id: CustomerId) =>
  Effect.flatMap(PersonalDataStore, (store) =>
    Effect.map(store.findErasure(id), (found) => Option.getOrUndefined(found)?.state)
  )

const claiming = <R>(
  it: ContractSuite<PersonalDataServices | R>,
  time: PassingTime<PersonalDataServices | R>
): void => {
  it.effect("a planned erasure is claimed when it is due, once, and not before", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const [due, cancelled, other] = [yield* knownPerson(), yield* knownPerson(), yield* knownPerson()]
      assert.isUndefined(yield* stateOf(due.id))
      for (const person of [due, cancelled, other]) yield* planErasure(person, 600)
      yield* repository.modify(cancelled.id, bringing({ erasure: null }))
      yield* time.advance("590 seconds")
      assertNone(yield* claim(), [due.id])
      assert.deepStrictEqual([yield* stateOf(due.id), yield* stateOf(cancelled.id)], ["planned", "cancelled"])
      yield* time.advance("20 seconds")
      assert.deepStrictEqual(yield* claim({ only: other.id }), [other.id])
      const claims = yield* Effect.all(Array.replicate(claim(), 10), { concurrency: "unbounded" })
      assert.lengthOf(
        claims.flat().filter((id) => id === due.id),
        1
      )
      assertNone(claims.flat(), [other.id, cancelled.id])
      assert.strictEqual(yield* stateOf(due.id), "running")
      assert.deepStrictEqual(yield* claim({ only: cancelled.id }), [])
    })
  )

  it.effect("a claim that nobody finished is claimed again after its lease", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const people = [yield* knownPerson(), yield* knownPerson()]
      yield* Effect.forEach(people, (person) => planErasure(person))
      const claims = yield* Effect.forEach(people, ({ id }) => claim({ only: id, most: 1 }))
      assert.lengthOf(claims.flat(), 2)
      // A run that has begun cannot be called off any more.
      yield* Effect.forEach(people, ({ id }) => repository.modify(id, bringing({ erasure: null })))
      yield* time.advance("50 seconds")
      const ids = people.map(({ id }) => id)
      assertNone(yield* claim(), ids)
      yield* time.advance("20 seconds")
      assert.lengthOf(yield* claim({ most: 1 }), 1)
      yield* time.advance("70 seconds")
      assert.includeMembers([...(yield* claim())], ids)
    })
  )
}

const receiptOf = Effect.fnUntraced(function* (customerId: CustomerId) {
  const now = yield* DateTime.now
  const receipt: ErasureReceipt = {
    statement: {
      version: 1,
      service: "customer-service",
      customerId,
      requestedAt: now,
      startedAt: now,
      finishedAt: now,
      erased: [{ store: "database", place: "customers", fields: ["email"], count: 1 }],
      verified: { stores: ["database"], identifiers: 2, found: 0 },
      held: []
    },
    algorithm: "Ed25519",
    keyId: "contract",
    signature: "c2lnbmF0dXJl"
  }
  return receipt
})

const finishing = <R>(
  it: ContractSuite<PersonalDataServices | R>,
  time: PassingTime<PersonalDataServices | R>
): void => {
  it.effect("a finished erasure keeps its receipt and nothing personal", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const repository = yield* CustomerRepository
      const person = yield* knownPerson()
      yield* beginErasure(person)
      yield* store.erase(person.id)
      const receipt = yield* receiptOf(person.id)
      yield* store.finish(person.id, receipt)
      const erasure = Option.getOrThrow(yield* store.findErasure(person.id))
      assert.strictEqual(erasure.state, "done")
      assert.deepStrictEqual(erasure.receipt, receipt)
      assert.isDefined(erasure.finishedAt)
      assert.isUndefined(erasure.reason)
      assert.notInclude(JSON.stringify(erasure), person.word)
      yield* time.advance("2 days")
      assertNone(yield* claim(), [person.id])
      const planned = yield* Effect.result(repository.modify(person.id, bringing({ erasure: null })))
      assert.isTrue(Result.isFailure(planned))
      assert.strictEqual(yield* stateOf(person.id), "done")
      assert.deepStrictEqual(yield* store.remainders(person.id), [])
    })
  )
}
