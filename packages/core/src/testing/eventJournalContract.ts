import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, type Layer, Option } from "effect"
import type { CustomerRepository } from "../customer/CustomerRepository.ts"
import { EventJournal } from "../event/EventJournal.ts"
import { Outbox } from "../event/Outbox.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { replaying } from "./eventJournalContractReplay.ts"
import { cleared, kill } from "./eventJournalContractEvents.ts"
import {
  afterShort,
  assertDue,
  claimAll,
  claimAndSettle,
  customerWith,
  delayed,
  dueNow,
  emptied,
  eventIdsOf,
  newcomer,
  published,
  refused,
  rename,
  settleAll,
  short,
  untried
} from "./outboxContractEvents.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import type { StoredFacts } from "./StoredFacts.ts"
import { freshCustomerId } from "./strangers.ts"

type Services = CustomerRepository | EventJournal | Outbox | StoredFacts

/**
 * The contract of {@link EventJournal}, beside the outbox whose events it looks after. Nobody else may write events or
 * relay them meanwhile.
 */
export const eventJournalContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<Services | R, E>,
  time: PassingTime<Services | R> = testTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of EventJournal`, (it) => {
    looking(it, time)
    settling(it, time)
    replaying(it, time)
  })

const looking = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("the status counts what is unpublished, waiting and dead", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      yield* newcomer
      yield* cleared(time)
      const quiet = yield* journal.status
      assert.deepInclude(quiet, { unpublished: 0, waiting: 0, dead: 0 })
      assert.isUndefined(quiet.oldestAt)
      assert.isDefined(quiet.lastPublishedAt)

      yield* time.advance("50 millis")
      yield* customerWith(2)
      yield* claimAndSettle((event) => (event.customerVersion === 1 ? refused(undefined)(event) : {}))
      yield* customerWith(1)
      yield* claimAndSettle(refused(short))
      yield* customerWith(3)
      yield* claimAndSettle((event) => (event.customerVersion === 1 ? delayed(short)(event) : {}))
      const busy = yield* journal.status
      assert.deepInclude(busy, { unpublished: 6, waiting: 2, dead: 1 })
      assert.deepStrictEqual(busy.lastPublishedAt, quiet.lastPublishedAt)
      assert.isDefined(busy.oldestAt)

      yield* time.advance(afterShort)
      yield* emptied
      const after = yield* journal.status
      assert.deepInclude(after, { unpublished: 2, waiting: 0, dead: 1 })
      assert.deepStrictEqual(after.oldestAt, busy.oldestAt)
      const [before, last] = [quiet.lastPublishedAt, after.lastPublishedAt].map((at) => at?.epochMilliseconds ?? 0)
      assert.isAbove(last ?? 0, before ?? 0)
    })
  )

  it.effect("a dead event is listed with its reason, oldest first", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      yield* cleared(time)
      const [first, second] = [yield* customerWith(2), yield* newcomer]
      const claims = yield* claimAll()
      yield* settleAll(claims, (event) => (event.customerId === first ? refused(0)(event) : {}))
      yield* kill(first, "413: too large for „the bus“")
      yield* time.advance("10 millis")
      yield* kill(second, "400: 'no' such topic")
      const [[one = ""], [other = ""]] = [yield* eventIdsOf(first), yield* eventIdsOf(second)]
      const dead = yield* journal.dead(1000)
      assert.deepStrictEqual(
        dead.map(({ customerId, eventId, reason, refusals, topic }) => ({
          customerId,
          eventId,
          reason,
          refusals,
          topic
        })),
        [
          { customerId: first, eventId: one, reason: "413: too large for „the bus“", refusals: 2 },
          { customerId: second, eventId: other, reason: "400: 'no' such topic", refusals: 1 }
        ].map((event) => ({ ...event, topic: "customers.customer.created" }))
      )
      assert.isBelow(dead[0]?.since.epochMilliseconds ?? 0, dead[1]?.since.epochMilliseconds ?? 0)
      assert.deepStrictEqual(yield* journal.dead(1), dead.slice(0, 1))
      assert.deepStrictEqual(yield* journal.findDead(other), Option.fromNullishOr(dead[1]))
      const nobody = yield* Effect.forEach([freshCustomerId(), "no uuid", ""], (id) => journal.findDead(id))
      assert.deepStrictEqual(nobody, [Option.none(), Option.none(), Option.none()])
    })
  )
}

const settling = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("a dead event that is retried is claimed again, before the later ones of its customer", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      yield* cleared(time)
      const id = yield* customerWith(2)
      yield* kill(id, "too large")
      yield* rename(id)
      yield* assertDue(id, [])
      const [first = ""] = yield* eventIdsOf(id)
      assert.isTrue(yield* journal.retry(first))
      const [again] = yield* assertDue(id, [0, 1, 2])
      assert.strictEqual(again?.refusals, 0)
      assert.isFalse(yield* journal.retry(first))
      assert.deepStrictEqual(yield* journal.dead(1000), [])
    })
  )

  it.effect("a dead event that is dropped is never published, and the later ones of its customer go on", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      const outbox = yield* Outbox
      yield* cleared(time)
      const id = yield* customerWith(3)
      yield* kill(id, "too large")
      const [first = ""] = yield* eventIdsOf(id)
      assert.isTrue(yield* journal.drop(first))
      yield* assertDue(id, [1, 2])
      yield* claimAndSettle(published)
      assert.deepInclude(yield* journal.status, { unpublished: 0, dead: 0 })
      yield* outbox.suspect(3600)
      yield* assertDue(id, [1, 2])
      yield* emptied
      yield* journal.replay({ from: DateTime.makeUnsafe(0) }, { dryRun: false })
      yield* assertDue(id, [1, 2])
    })
  )

  it.effect("an event that is not dead is neither retried nor dropped", () =>
    Effect.gen(function* () {
      const journal = yield* EventJournal
      yield* cleared(time)
      const ids = [yield* newcomer, yield* newcomer, yield* newcomer, yield* newcomer] as const
      const [sent, waits, due, dropped] = ids
      const outcomes = new Map([
        [sent, published],
        [waits, refused(short)],
        [due, untried],
        [dropped, refused(undefined)]
      ])
      yield* claimAndSettle((event) => outcomes.get(event.customerId ?? sent)?.(event) ?? {})
      const eventIds = (yield* Effect.forEach(ids, eventIdsOf)).flat()
      yield* journal.drop(eventIds.at(-1) ?? "")
      const before = yield* journal.status
      for (const eventId of [...eventIds, freshCustomerId(), "no uuid", ""]) {
        assert.deepStrictEqual([yield* journal.retry(eventId), yield* journal.drop(eventId)], [false, false])
      }
      assert.deepStrictEqual(yield* journal.status, before)
      yield* assertDue(waits, [])
      yield* time.advance(afterShort)
      const { places } = yield* dueNow(ids)
      assert.deepStrictEqual(places, [[], [0], [0], []])
    })
  )
}
