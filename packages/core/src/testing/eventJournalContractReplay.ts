import { assert } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { EventJournal, type Replay } from "../event/EventJournal.ts"
import type { Outbox } from "../event/Outbox.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { cleared, kill } from "./eventJournalContractEvents.ts"
import { dueNow, emptied, eventIdsOf, newcomer, rename } from "./outboxContractEvents.ts"
import type { PassingTime } from "./passingTime.ts"
import type { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshAddressId } from "./strangers.ts"

type Services = CustomerRepository | EventJournal | Outbox | StoredFacts

const writtenAt = Effect.gen(function* () {
  const journal = yield* EventJournal
  const { oldestAt } = yield* journal.status
  return oldestAt ?? DateTime.makeUnsafe(0)
})

const address = { street: "1 Main St", city: "Springfield", country: "US" }

const moveIn = Effect.fnUntraced(function* (id: CustomerId, seconds: number) {
  const repository = yield* CustomerRepository
  yield* repository.modify(id, (customer) =>
    Decisions.addAddress(customer, address, freshAddressId(), 10, circumstances(seconds))
  )
})

/** Publishes renames of a customer until one was written later than a moment; answers when that was, and how many there were. */
const renamedAfter = Effect.fnUntraced(function* (id: CustomerId, moment: DateTime.Utc) {
  for (let count = 1; ; count++) {
    yield* emptied
    yield* rename(id, 60 * count)
    const from = yield* writtenAt
    if (DateTime.isGreaterThan(from, moment)) return { from, count }
  }
})

/** Replays, and publishes what is due then; answers which events of whom that was. */
const replay = Effect.fnUntraced(function* (which: Replay, ids: ReadonlyArray<CustomerId>) {
  const journal = yield* EventJournal
  const expected = yield* journal.replay(which, { dryRun: true })
  assert.strictEqual((yield* dueNow(ids)).count, 0)
  assert.strictEqual(yield* journal.replay(which, { dryRun: false }), expected)
  const { count, places } = yield* dueNow(ids)
  assert.strictEqual(count, expected)
  yield* emptied
  return places
})

/** What is published once more. */
export const replaying = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("a replay has what was written since then published again, in order, and nothing that was dropped", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      yield* cleared(time)
      const ids = [yield* newcomer, yield* newcomer] as const
      const [one, other] = ids
      const { count, from } = yield* renamedAfter(one, yield* writtenAt)
      const seconds = 60 * count
      yield* rename(other, seconds + 1)
      yield* kill(other, "too large")
      yield* journal.drop((yield* eventIdsOf(other)).at(-1) ?? "")
      yield* moveIn(other, seconds + 2)
      yield* rename(one, seconds + 3)
      yield* rename(other, seconds + 4)
      yield* emptied

      const ones = [count, count + 1]
      assert.deepStrictEqual(yield* replay({ from }, ids), [ones, [2, 3]])
      assert.deepStrictEqual(yield* replay({ from, customerId: other }, ids), [[], [2, 3]])
      const topic = "customers.addresses.changed"
      assert.deepStrictEqual(yield* replay({ from, topic }, ids), [[], [2]])
      assert.deepStrictEqual(yield* replay({ from, topic, customerId: one }, ids), [[], []])
    })
  )
}
