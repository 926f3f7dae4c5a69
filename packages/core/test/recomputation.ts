import { BigDecimal, DateTime } from "effect"
import type { Figures, OrderEntry, PointsEntry } from "../src/order/Figures.ts"
import type { StandingPolicy } from "../src/segment/StandingPolicy.ts"

/** Figures as plain values. */
export const plainFigures = ({ totalSpent, ...figures }: Figures): unknown =>
  JSON.parse(JSON.stringify({ ...figures, totalSpent: BigDecimal.format(totalSpent) }))

/** Ten-thousandths of the currency, the smallest that an amount is kept to. */
const units = (amount: BigDecimal.BigDecimal): bigint => BigDecimal.scale(amount, 4).value

const isBefore = (one: OrderEntry, other: OrderEntry): boolean => {
  const [first, second] = [one.completedAt.epochMilliseconds, other.completedAt.epochMilliseconds]
  return first < second || (first === second && one.orderId < other.orderId)
}

/** The orders up to this one, counted anew. */
const upTo = (orders: ReadonlyArray<OrderEntry>, last: OrderEntry) => {
  const earlier = orders.filter((other) => other === last || isBefore(other, last))
  return { spent: earlier.reduce((sum, { total }) => sum + units(total), 0n), count: BigInt(earlier.length) }
}

/** When something first held of the orders completed until then; every order is looked at by itself. */
const firstMet = (orders: ReadonlyArray<OrderEntry>, isMet: (spent: bigint, count: bigint) => boolean) => {
  const moments = orders.flatMap((one) => {
    const { count, spent } = upTo(orders, one)
    return isMet(spent, count) ? [one.completedAt.epochMilliseconds] : []
  })
  return moments.length === 0 ? undefined : DateTime.makeUnsafe(Math.min(...moments))
}

const isLater = (
  one: Pick<PointsEntry, "eventId" | "occurredAt">,
  other: Pick<PointsEntry, "eventId" | "occurredAt">
): boolean => {
  const [first, second] = [one.occurredAt.epochMilliseconds, other.occurredAt.epochMilliseconds]
  return first > second || (first === second && one.eventId > other.eventId)
}

const pointsOf = (entries: ReadonlyArray<PointsEntry>): number => {
  const balances = entries.filter(({ balance }) => balance !== undefined)
  const newest = balances.find((one) => balances.every((other) => other === one || isLater(one, other)))
  const counted = entries.filter((entry) => newest === undefined || isLater(entry, newest))
  return Math.max(
    0,
    counted.reduce((sum, entry) => sum + entry.points, newest?.balance ?? 0)
  )
}

/** What orders and points come to, counted the long way round: with whole numbers, and from the start for each order. */
export const recomputed = (
  orders: ReadonlyArray<OrderEntry>,
  entries: ReadonlyArray<PointsEntry>,
  policy: StandingPolicy
): unknown => {
  const last = orders.find((one) => orders.every((other) => other === one || isBefore(other, one)))
  const from = { premium: units(policy.premiumFrom), vip: units(policy.vipFrom), high: units(policy.highValueFrom) }
  const spent = orders.reduce((sum, { total }) => sum + units(total), 0n)
  return plainFigures({
    totalSpent: BigDecimal.make(spent, 4),
    orderCount: orders.length,
    loyaltyPoints: pointsOf(entries),
    lastOrderAt: last?.completedAt,
    premiumSince: firstMet(orders, (sum) => sum >= from.premium),
    vipSince: firstMet(orders, (sum) => sum >= from.vip),
    highValueSince: firstMet(orders, (sum, count) => sum >= from.high * count)
  })
}

/** Of everything that was told of each order, what was told last. */
export const lastTold = <A extends OrderEntry>(told: ReadonlyArray<A>): ReadonlyArray<A> =>
  told.filter((one) => !told.some((other) => other.orderId === one.orderId && isLater(other, one)))
