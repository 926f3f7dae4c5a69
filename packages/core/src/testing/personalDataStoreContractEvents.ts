import { assert } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { EventJournal } from "../event/EventJournal.ts"
import { Outbox } from "../event/Outbox.ts"
import { PersonalDataStore } from "../privacy/PersonalDataStore.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  claimAll,
  claimAndSettle,
  claimedOf,
  emptied,
  published,
  refused,
  settleAll,
  untried
} from "./outboxContractEvents.ts"
import {
  beginErasure,
  type KnownPerson,
  knownPerson,
  type PersonalDataServices
} from "./personalDataStoreContractPeople.ts"

const erase = Effect.fnUntraced(function* (person: KnownPerson) {
  const store = yield* PersonalDataStore
  yield* beginErasure(person)
  yield* store.erase(person.id)
})

/** Makes sure that her end is all that is told of her, and tells it. */
const assertEnd = Effect.fnUntraced(function* (id: CustomerId) {
  const claims = yield* claimAndSettle(untried)
  assert.deepStrictEqual(
    claimedOf(claims, id).map(({ envelope }) => envelope.eventType),
    ["CustomerErased"]
  )
  yield* emptied
})

/** What is told of somebody who was erased. */
export const silencing = (it: ContractSuite<PersonalDataServices>): void => {
  it.effect("of an erased customer's events only CustomerErased is published from then on", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      const outbox = yield* Outbox
      yield* emptied
      const [due, told, dead] = [yield* knownPerson(), yield* knownPerson(), yield* knownPerson()]
      const outcomes = new Map([
        [told.id, published],
        [dead.id, refused(undefined)]
      ])
      yield* claimAndSettle((event) => outcomes.get(event.customerId ?? due.id)?.(event) ?? {})
      for (const person of [due, told, dead]) yield* erase(person)
      for (const { id } of [due, told, dead]) {
        const letters = (yield* journal.dead(1000)).map(({ customerId }) => customerId)
        assert.notInclude(letters, id)
      }
      const all = yield* claimAndSettle(untried)
      for (const { id } of [due, told, dead]) {
        assert.deepStrictEqual(
          claimedOf(all, id).map(({ envelope }) => envelope.eventType),
          ["CustomerErased"]
        )
      }
      yield* emptied
      yield* outbox.suspect(3600)
      yield* assertEnd(told.id)
      yield* journal.replay({ from: DateTime.makeUnsafe(0), customerId: told.id }, { dryRun: false })
      yield* assertEnd(told.id)
    })
  )

  it.effect("what a relay holds when its customer is erased keeps back nothing of her", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      for (const outcome of [published, refused(undefined), refused(3600)]) {
        yield* emptied
        const person = yield* knownPerson()
        const claims = yield* claimAll()
        yield* erase(person)
        yield* settleAll(claims, (event) => (event.customerId === person.id ? outcome(event) : {}))
        yield* assertEnd(person.id)
        yield* journal.replay({ from: DateTime.makeUnsafe(0), customerId: person.id }, { dryRun: false })
        yield* assertEnd(person.id)
      }
    })
  )
}
