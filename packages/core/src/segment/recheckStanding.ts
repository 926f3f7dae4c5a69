import { DateTime, Struct } from "effect"
import type { Customer } from "../customer/Customer.ts"
import type { Figures } from "../order/Figures.ts"
import { nextReview, standingOf } from "./settleStanding.ts"
import type { StandingPolicy } from "./StandingPolicy.ts"
import type { StandingRecord } from "./StandingRecord.ts"

const isSame = (one: DateTime.Utc | undefined, other: DateTime.Utc | undefined): boolean =>
  one?.epochMilliseconds === other?.epochMilliseconds

const dates = ["premiumSince", "vipSince", "highValueSince"] as const

type Dates = Pick<StandingRecord, (typeof dates)[number]>

// Whoever has no orders keeps her dates: her figures may have come from elsewhere.
const datesOf = (record: StandingRecord, orders: Figures): Dates => {
  const { highValueSince, premiumSince, vipSince } = orders.orderCount === 0 ? record : orders
  return { premiumSince, vipSince, highValueSince }
}

const isDue = ({ reviewAt }: StandingRecord, now: DateTime.Utc): boolean =>
  reviewAt !== undefined && DateTime.isLessThanOrEqualTo(reviewAt, now)

/**
 * What is to stand behind a standing under these thresholds, and `orders`, what her orders come to under them: with a
 * review now where her tier, her label or her dates are others. Undefined where it stands there already.
 */
export const recheckStanding = (
  customer: Customer,
  record: StandingRecord,
  orders: Figures,
  policy: StandingPolicy,
  now: DateTime.Utc
): StandingRecord | undefined => {
  const { segment } = customer
  const grounds = { figures: segment, ...Struct.pick(record, ["tierOverride", "segmentOverride"]) }
  const wanted = standingOf(customer, grounds, policy, now)
  const dated = datesOf(record, orders)
  const isMoved = wanted.tier !== segment.tier || wanted.segment !== segment.segment
  if (isMoved || dates.some((date) => !isSame(record[date], dated[date]))) return { ...record, ...dated, reviewAt: now }
  const isNewcomer = segment.segment === "new_customer" && record.segmentOverride === undefined
  const reviewAt = nextReview(customer, grounds, wanted, policy)
  return isNewcomer && !isDue(record, now) && !isSame(record.reviewAt, reviewAt) ? { ...record, reviewAt } : undefined
}
