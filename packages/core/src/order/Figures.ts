import { BigDecimal, DateTime } from "effect"
import type { StandingPolicy } from "../segment/StandingPolicy.ts"
import { zero } from "../value/Money.ts"

/** An order as it was last told of; `occurredAt`, then `eventId`, says which telling is the later. */
export interface OrderEntry {
  readonly orderId: string
  /** In the shop's currency, with at most four decimals. */
  readonly total: BigDecimal.BigDecimal
  readonly completedAt: DateTime.Utc
  readonly occurredAt: DateTime.Utc
  readonly eventId: string
}

/** Loyalty points that were earned; `balance` is what they came to with these, where the loyalty service said so. */
export interface PointsEntry {
  readonly eventId: string
  readonly points: number
  readonly balance?: number | undefined
  readonly occurredAt: DateTime.Utc
}

/** What a customer's orders and loyalty events come to, and when each threshold was first met by them. */
export interface Figures {
  readonly totalSpent: BigDecimal.BigDecimal
  readonly orderCount: number
  readonly loyaltyPoints: number
  readonly lastOrderAt?: DateTime.Utc | undefined
  readonly premiumSince?: DateTime.Utc | undefined
  readonly vipSince?: DateTime.Utc | undefined
  readonly highValueSince?: DateTime.Utc | undefined
}

type Telling = Pick<OrderEntry, "eventId" | "occurredAt">

/** Positive where `one` was told later than `other`. */
export const compareTellings = (one: Telling, other: Telling): number =>
  one.occurredAt.epochMilliseconds - other.occurredAt.epochMilliseconds ||
  (one.eventId < other.eventId ? -1 : one.eventId > other.eventId ? 1 : 0)

const byCompletion = (one: OrderEntry, other: OrderEntry): number =>
  one.completedAt.epochMilliseconds - other.completedAt.epochMilliseconds || (one.orderId < other.orderId ? -1 : 1)

/** Whether orders that come to `total` are worth, on average, what makes a customer one of high value. */
export const isHighValue = (
  total: BigDecimal.BigDecimal,
  count: number,
  { highValueFrom }: Pick<StandingPolicy, "highValueFrom">
): boolean =>
  count > 0 &&
  BigDecimal.isGreaterThanOrEqualTo(total, BigDecimal.multiply(highValueFrom, BigDecimal.fromNumberUnsafe(count)))

/** The newest balance with the points after it; without a balance all points. Never less than none. */
const pointsOf = (entries: ReadonlyArray<PointsEntry>): number => {
  const inOrder = [...entries].sort(compareTellings)
  const newest = inOrder.findLastIndex(({ balance }) => balance !== undefined)
  const earned = inOrder.slice(newest + 1).reduce((sum, { points }) => sum + points, 0)
  return Math.max(0, (inOrder[newest]?.balance ?? 0) + earned)
}

/**
 * The figures of a customer from all her orders and loyalty events, in whatever order these are given. Thresholds are
 * met in the order in which orders were completed, then by the orders' ids.
 */
export const figuresOf = (
  orders: ReadonlyArray<OrderEntry>,
  points: ReadonlyArray<PointsEntry>,
  policy: StandingPolicy
): Figures => {
  let totalSpent = zero
  let orderCount = 0
  const since: { premiumSince?: DateTime.Utc; vipSince?: DateTime.Utc; highValueSince?: DateTime.Utc } = {}
  const inOrder = [...orders].sort(byCompletion)
  for (const { completedAt, total } of inOrder) {
    totalSpent = BigDecimal.sum(totalSpent, total)
    orderCount += 1
    if (BigDecimal.isGreaterThanOrEqualTo(totalSpent, policy.premiumFrom)) since.premiumSince ??= completedAt
    if (BigDecimal.isGreaterThanOrEqualTo(totalSpent, policy.vipFrom)) since.vipSince ??= completedAt
    if (isHighValue(totalSpent, orderCount, policy)) since.highValueSince ??= completedAt
  }
  const lastOrderAt = inOrder.at(-1)?.completedAt
  return {
    totalSpent,
    orderCount,
    loyaltyPoints: pointsOf(points),
    ...(lastOrderAt === undefined ? {} : { lastOrderAt }),
    ...since
  }
}
