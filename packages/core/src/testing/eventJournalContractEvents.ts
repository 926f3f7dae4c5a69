import { Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { EventJournal } from "../event/EventJournal.ts"
import { afterShort, claimAll, claimedOf, emptied, refused, settleAll } from "./outboxContractEvents.ts"
import type { PassingTime } from "./passingTime.ts"

/** Has the first due event of a customer refused for good. */
export const kill = Effect.fnUntraced(function* (id: CustomerId, reason: string) {
  const claims = yield* claimAll()
  const [first] = claimedOf(claims, id)
  yield* settleAll(claims, (event) => (event === first ? refused(undefined, reason)(event) : {}))
})

/** Leaves nothing that is unpublished: what is dead is dropped, what waits is waited for. */
export const cleared = Effect.fnUntraced(function* <R>(time: PassingTime<R>) {
  const journal = yield* EventJournal
  for (const { eventId } of yield* journal.dead(1000)) yield* journal.drop(eventId)
  const { waiting } = yield* journal.status
  if (waiting > 0) yield* time.advance(afterShort)
  yield* emptied
})
