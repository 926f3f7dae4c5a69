import { BigDecimal, DateTime } from "effect"
import * as fc from "fast-check"
import type { Fact } from "../event/Inbox.ts"
import { figuresOf, type OrderEntry, type PointsEntry } from "../order/Figures.ts"
import { StandingPolicy } from "../segment/StandingPolicy.ts"
import { filledLine } from "./valueArbitraries.ts"

const noon = DateTime.makeUnsafe("2031-05-06T12:00:00.000Z")

/** Moments within a few hours, many of them the same. */
const moment = fc.integer({ min: 0, max: 40 }).map((quarters) => DateTime.add(noon, { minutes: -15 * quarters }))

/** Amounts to four decimals: nothing at all, just below and at a threshold, and whatever else may be spent. */
export const amount: fc.Arbitrary<BigDecimal.BigDecimal> = fc
  .oneof(
    fc.constantFrom("0", "0.0001", "199.9999", "200", "999.99", "999.9999", "1000", "9000", "10000", "1000000000"),
    fc.integer({ min: 0, max: 20_000_000 }).map((units) => BigDecimal.format(BigDecimal.make(BigInt(units), 4)))
  )
  .map(BigDecimal.fromStringUnsafe)

const eventId = filledLine(60)

/** Orders as they are told of; the same order comes up again and again. */
export const orderEntry: fc.Arbitrary<OrderEntry> = fc.record(
  {
    orderId: fc.constantFrom("100", "9", "B-1", "a-1"),
    total: amount,
    completedAt: moment,
    occurredAt: moment,
    eventId
  },
  { noNullPrototype: true }
)

/** Points that were earned or spent, with and without a balance. */
export const pointsEntry: fc.Arbitrary<PointsEntry> = fc.record(
  { eventId, points: fc.integer({ min: -500, max: 500 }), balance: fc.nat(2000), occurredAt: moment },
  { requiredKeys: ["eventId", "points", "occurredAt"], noNullPrototype: true }
)

/** What is told of one of several customers. */
export interface Telling {
  readonly customer: number
  readonly fact: Fact
}

const fact: fc.Arbitrary<Fact> = fc.oneof(
  { arbitrary: orderEntry.map((order): Fact => ({ _tag: "Order", order })), weight: 2 },
  { arbitrary: pointsEntry.map((points): Fact => ({ _tag: "Points", points })), weight: 1 }
)

// Event ids sort as text of any kind would, and no two are the same.
const numbered = (told: Fact, index: number): Fact => {
  const mark = "aB_9é"[index % 5]
  return told._tag === "Order"
    ? { ...told, order: { ...told.order, eventId: `${mark}${index}` } }
    : { ...told, points: { ...told.points, eventId: `${mark}${index}` } }
}

/** Up to a dozen things that are told of so many customers, each under an event id of its own. */
export const tellings = (customers: number): fc.Arbitrary<ReadonlyArray<Telling>> =>
  fc
    .array(fc.record({ customer: fc.nat(customers - 1), fact }, { noNullPrototype: true }), { maxLength: 12 })
    .map((told) => told.map((telling, index) => ({ ...telling, fact: numbered(telling.fact, index) })))

/** The figures that some orders and points come to under the standard thresholds. */
export const figures = fc
  .tuple(fc.uniqueArray(orderEntry, { selector: ({ orderId }) => orderId }), fc.array(pointsEntry, { maxLength: 4 }))
  .map(([orders, points]) => figuresOf(orders, points, StandingPolicy.defaultValue()))
