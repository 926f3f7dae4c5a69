import { BigDecimal, DateTime } from "effect"
import type { Facts } from "../Facts.ts"
import type { DataChange, FieldChange } from "../RuleChange.ts"
import { momentsFor } from "./dates.ts"
import { type Ask, asksOf, isReached, mayTry, operandsOf, type Scene } from "./Goal.ts"
import { beside, distinct, sortedBy } from "./orderedFirst.ts"
import { setField } from "./setField.ts"

/** What stands of somebody's orders: how many, what they come to, and when the last one was (milliseconds). */
export interface Orders {
  readonly count: number
  readonly total: number
  readonly last: number | undefined
}

export const ordersOf = ({ customer, lastOrderAt }: Facts): Orders => ({
  count: customer.segment.orderCount,
  total: BigDecimal.toNumberUnsafe(customer.segment.totalSpent),
  last: lastOrderAt?.epochMilliseconds
})

/** Whether figures can be those of somebody's orders, as they went on from what they were. */
const isPossible = ({ count, last, total }: Orders, before: Orders): boolean => {
  if (count === 0) return total === 0 && last === undefined
  const isLater = last !== undefined && last > (before.last ?? last)
  return last !== undefined && (!isLater || count > before.count)
}

/** Whether it takes orders that are taken back, or that are found to have been others. */
export const goesBack = (after: Orders, before: Orders): boolean =>
  after.count < before.count || after.total < before.total || (after.last ?? 0) < (before.last ?? 0)

const textOf = (moment: number | undefined): string | null =>
  moment === undefined ? null : DateTime.formatIso(DateTime.makeUnsafe(moment))

/** Those of some values that the asks of their own field allow, as many as are worth trying. */
const allowed = <A extends number | undefined>(
  values: ReadonlyArray<A>,
  field: string,
  asks: ReadonlyArray<Ask>,
  { at, effort, facts }: Scene
): ReadonlyArray<A> => {
  const ofField = asksOf(asks, field)
  const isAllowed = (value: A) => {
    if (!mayTry(effort)) return false
    const changed = setField(facts, field, field === "lastOrder" ? textOf(value) : (value ?? null), at)
    return changed !== undefined && ofField.every((ask) => isReached(ask, changed, at))
  }
  return distinct(values).filter(isAllowed).slice(0, mostAllowed)
}

const mostAllowed = 6

const numbersOf = (asks: ReadonlyArray<Ask>, field: string): ReadonlyArray<number> =>
  operandsOf(asksOf(asks, field)).filter((operand) => typeof operand === "number")

/** Nearest first, with more before less. */
const nearest = (values: ReadonlyArray<number>, to: number): ReadonlyArray<number> => {
  const byDistance = sortedBy(values, (value) => Math.abs(value - to))
  return sortedBy(byDistance, (value) => (value >= to ? 0 : 1))
}

const countsFor = (asks: ReadonlyArray<Ask>, before: Orders, scene: Scene): ReadonlyArray<number> => {
  const averages = numbersOf(asks, "orders.average")
  // Of a hundred orders, whole cents come to any average of four decimals.
  const spread = averages.length === 0 ? [] : [2, 3, 100, ...averages.flatMap((one) => beside(before.total / one))]
  const values = [before.count + 1, 1, ...spread, ...numbersOf(asks, "orders.count").flatMap(beside)]
  return allowed([before.count, ...nearest(values, before.count), 0], "orders.count", asks, scene)
}

/** Amounts of whole cents at and just beside an amount. */
const cents = (amount: number): ReadonlyArray<number> => beside(amount * 100).map((count) => count / 100)

const totalsFor = (asks: ReadonlyArray<Ask>, before: Orders, count: number, scene: Scene): ReadonlyArray<number> => {
  if (count === 0) return [0]
  const averages = numbersOf(asks, "orders.average").map((average) => average * count)
  const values = [...numbersOf(asks, "orders.total"), ...averages].flatMap(cents)
  const others = allowed([...nearest(values, before.total), 0], "orders.total", asks, scene)
  const isKept = asksOf(asks, "orders.total").every((ask) => isReached(ask, scene.facts, scene.at))
  return isKept ? [before.total, ...others] : others
}

const momentsOf = (asks: ReadonlyArray<Ask>, before: Orders, scene: Scene): ReadonlyArray<number | undefined> => {
  const ofLast = asksOf(asks, "lastOrder")
  const isKept = ofLast.every((ask) => isReached(ask, scene.facts, scene.at))
  const others = allowed([scene.at, undefined, ...momentsFor(ofLast, scene.at)], "lastOrder", asks, scene)
  return isKept ? distinct([before.last, ...others]) : others
}

const changesFrom = (before: Orders, after: Orders): ReadonlyArray<FieldChange> => [
  ...(after.count === before.count ? [] : [{ field: "orders.count", to: after.count }]),
  ...(after.total === before.total ? [] : [{ field: "orders.total", to: after.total }]),
  ...(after.last === before.last ? [] : [{ field: "lastOrder", to: textOf(after.last) }])
]

/** Changes of what somebody has ordered that may do for what is asked of it, those with the least changes first. */
export const orderChanges = (asks: ReadonlyArray<Ask>, scene: Scene): ReadonlyArray<DataChange> => {
  const before = ordersOf(scene.facts)
  const moments = momentsOf(asks, before, scene)
  const histories = countsFor(asks, before, scene).flatMap((count) =>
    totalsFor(asks, before, count, scene).flatMap((total) => moments.map((last) => ({ count, total, last })))
  )
  const possible = histories.filter((orders) => isPossible(orders, before))
  const inOrder = sortedBy(
    possible.map((orders) => ({ orders, set: changesFrom(before, orders) })),
    ({ orders, set }) => set.length + (goesBack(orders, before) ? 10 : 0)
  )
  return inOrder.map(({ set }) => ({ set }))
}
