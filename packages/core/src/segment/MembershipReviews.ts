import { Context, DateTime, Effect, Layer, Metric, Queue, Schedule } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CurrentActor, itself } from "../request/Actor.ts"
import { MembershipCache } from "./MembershipCache.ts"
import * as MembershipDecisions from "./MembershipDecisions.ts"
import { ReviewBell } from "./ReviewBell.ts"
import { type Reviewed, SegmentMemberships } from "./SegmentMemberships.ts"

/** So many customers are looked at in one transaction. */
const together = 50

/** So many wait at most to be looked at because the bell was rung; the marks of the rest are found a little later. */
const mostRung = 10_000

/** Between two looks for those whose time has come. */
export const pause = Schedule.spaced("1 second")

const reviews = Metric.counter("customer_membership_reviews_total", {
  description: "Customers whose memberships were looked at"
})

/** Customers for whom the bell was rung in this process. */
export class RungCustomers extends Context.Service<RungCustomers, Queue.Dequeue<CustomerId>>()(
  "@customer-service/core/RungCustomers"
) {}

/** The bell of this process, and who was rung for. */
export const layerBell: Layer.Layer<RungCustomers> = Layer.effectContext(
  Effect.gen(function* () {
    const rung = yield* Queue.dropping<CustomerId>(mostRung)
    const ring = (ids: ReadonlyArray<CustomerId>) => Effect.sync(() => ids.forEach((id) => Queue.offerUnsafe(rung, id)))
    return Context.make(RungCustomers, rung).pipe(Context.add(ReviewBell, { ring }))
  })
)

/** What is kept near of those who were looked at is out of date. */
const letGo = Effect.fnUntraced(function* (reviewed: ReadonlyArray<Reviewed>) {
  const cache = yield* MembershipCache
  yield* Metric.update(reviews, reviewed.length)
  yield* Effect.forEach(reviewed, ({ customer: { id } }) => Effect.ignore(cache.forget(id)), {
    concurrency: "unbounded",
    discard: true
  })
})

/** Looks at those for whom the bell is rung next: waits for one, and takes whoever else waits by then. */
export const reviewRung = Effect.fn("MembershipReviews.reviewRung")(
  function* () {
    const memberships = yield* SegmentMemberships
    const ids = new Set(yield* Queue.takeBetween(yield* RungCustomers, 1, together))
    const now = yield* DateTime.now
    const reviewed = memberships.review([...ids], now, (segments, current) =>
      MembershipDecisions.review(segments, current, now)
    )
    yield* Effect.uninterruptible(Effect.flatMap(reviewed, letGo))
  },
  Effect.provideService(CurrentActor, itself("system"))
)

/** Looks at everybody whose time has come; answers how many. */
export const reviewDue = Effect.fn("MembershipReviews.reviewDue")(
  function* () {
    const memberships = yield* SegmentMemberships
    let count = 0
    while (true) {
      const now = yield* DateTime.now
      const due = memberships.reviewDue(together, now, (segments, current) =>
        MembershipDecisions.review(segments, current, now)
      )
      const reviewed = yield* Effect.uninterruptible(Effect.tap(due, letGo))
      count += reviewed.length
      if (reviewed.length < together) return count
    }
  },
  Effect.provideService(CurrentActor, itself("time"))
)
