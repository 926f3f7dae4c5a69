import { DateTime, Effect, Schedule, Schema } from "effect"
import type { ExpectedVersion } from "../customer/Customer.ts"
import { CacheUpkeep } from "../customer/CacheUpkeep.ts"
import { ActionForbidden, StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import * as Customers from "../customer/Customers.ts"
import { askPoints } from "../order/askPoints.ts"
import type { KnownCustomer } from "../order/OrderService.ts"
import { type Actor, CurrentActor, isAdmin, itself } from "../request/Actor.ts"
import { CustomerStandings } from "./CustomerStandings.ts"
import { type SegmentDocument, segmentDocument } from "./SegmentDocument.ts"
import * as StandingDecisions from "./StandingDecisions.ts"
import type { StandingOverride } from "./StandingOverride.ts"
import { StandingPolicy } from "./StandingPolicy.ts"
import type { TierChange } from "./StandingRecord.ts"

/** A customer's segment could not be written, although it was tried several times. */
export class SegmentUpdateFailed extends Schema.TaggedError<SegmentUpdateFailed>()("SegmentUpdateFailed", {
  customerId: Schema.String
}) {}

/** Her points as the loyalty service says, or said last; undefined where it was never asked. */
const pointsOf = (customer: KnownCustomer) => Effect.map(askPoints(customer), (asked) => asked?.value.points)

const withPoints = (document: SegmentDocument, points: number | undefined): SegmentDocument =>
  points === undefined ? document : { ...document, loyaltyPoints: points }

/** A customer is not told what colleagues noted about her standing. */
const shownTo = (actor: Actor, { overrides, ...document }: SegmentDocument): SegmentDocument =>
  overrides === undefined || actor.kind === "customer" ? document : { ...document, overrides }

/**
 * Where a customer stands and why; closed accounts are shown to admins alone. With a loyalty service her points are
 * what that says or said last, which it is given no longer than its time for.
 */
export const get = Effect.fn("Standings.get")(function* (id: CustomerId) {
  const standings = yield* CustomerStandings
  const policy = yield* StandingPolicy
  const { legacyId } = yield* Customers.get(id)
  const [{ customer, record }, points] = yield* Effect.all([standings.find(id), pointsOf({ id, legacyId })], {
    concurrency: "unbounded"
  })
  const document = shownTo(yield* CurrentActor, segmentDocument(customer, record, policy, yield* DateTime.now))
  return { customer, document: withPoints(document, points) }
})

const forbidOthers = Effect.flatMap(CurrentActor, (actor) =>
  isAdmin(actor)
    ? Effect.void
    : Effect.fail(new ActionForbidden({ reason: "changing a segment needs the scope customers:admin" }))
)

const pauses = Schedule.jittered(Schedule.exponential("50 millis"))

/**
 * Puts a colleague's word in the place of what the rules say of a customer's tier or label, or ends it; for admins.
 * Tried up to four times; then it fails with `SegmentUpdateFailed`.
 */
export const override = Effect.fn("Standings.override")(function* (
  id: CustomerId,
  request: StandingOverride,
  expectedVersion?: ExpectedVersion
) {
  yield* forbidOthers
  const standings = yield* CustomerStandings
  const upkeep = yield* CacheUpkeep
  const policy = yield* StandingPolicy
  const when = { actor: yield* CurrentActor, now: yield* DateTime.now, expectedVersion }
  const written = standings
    .modify(id, (customer, record) => StandingDecisions.override(customer, record, request, policy, when))
    .pipe(
      Effect.tap(({ customer }) => upkeep.note([customer])),
      Effect.uninterruptible,
      Effect.retry({ schedule: pauses, times: 3, while: (error): boolean => error instanceof StorageUnavailable }),
      Effect.catchTag("StorageUnavailable", () => Effect.fail(new SegmentUpdateFailed({ customerId: id })))
    )
  const { customer, record } = yield* written
  const points = yield* pointsOf({ id, legacyId: customer.legacyId })
  return { customer, document: withPoints(segmentDocument(customer, record, policy, when.now), points) }
})

const withoutNotes = ({ by, reason, ...change }: TierChange): TierChange => ({
  ...change,
  reason: by === undefined ? reason : "set by the shop"
})

/** The newest tier changes of a customer, newest first. */
export const history = Effect.fn("Standings.history")(function* (id: CustomerId) {
  const standings = yield* CustomerStandings
  yield* Customers.get(id)
  const changes = yield* standings.history(id)
  return (yield* CurrentActor).kind === "customer" ? changes.map(withoutNotes) : changes
})

/** So many customers are looked at in one transaction. */
const together = 100

/** Looks at everybody again whose time has come; answers how many. */
export const reviewDue = Effect.fn("Standings.reviewDue")(
  function* () {
    const standings = yield* CustomerStandings
    const upkeep = yield* CacheUpkeep
    const policy = yield* StandingPolicy
    let count = 0
    while (true) {
      // Those whose moment comes meanwhile must be decided by a clock that has come to it too.
      const now = yield* DateTime.now
      const reviewed = yield* Effect.uninterruptible(
        Effect.tap(
          standings.reviewDue(together, (customer, record) => StandingDecisions.review(customer, record, policy, now)),
          (customers) => upkeep.note(customers)
        )
      )
      count += reviewed.length
      if (reviewed.length < together) return count
    }
  },
  Effect.provideService(CurrentActor, itself("time"))
)
