import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { BigDecimal, DateTime, Schema } from "effect"
import { type Figures, figuresOf, type OrderEntry, type PointsEntry } from "../src/order/Figures.ts"
import { StandingPolicy } from "../src/segment/StandingPolicy.ts"
import { averageOf, nextTierOf } from "../src/segment/Tier.ts"
import { orderEntry, pointsEntry } from "../src/testing/orderArbitraries.ts"
import { Money } from "../src/value/Money.ts"
import { plainFigures, recomputed } from "./recomputation.ts"

const policy = StandingPolicy.defaultValue()
const onTheWire = Schema.encodeSync(Money)

const at = (day: number): DateTime.Utc => DateTime.makeUnsafe(day * 86_400_000)

const order = (id: number, total: string, day: number): OrderEntry => ({
  orderId: `${id}`,
  total: BigDecimal.fromStringUnsafe(total),
  completedAt: at(day),
  occurredAt: at(day),
  eventId: `event-${id}`
})

const points = (eventId: string, amount: number, day: number, balance?: number): PointsEntry => ({
  eventId,
  points: amount,
  occurredAt: at(day),
  ...(balance === undefined ? {} : { balance })
})

const orders = fc
  .array(orderEntry, { maxLength: 12 })
  .map((entries) => entries.map((entry, index) => ({ ...entry, orderId: `${entry.orderId}-${index}` })))

const entries = fc.uniqueArray(pointsEntry, { maxLength: 8, selector: ({ eventId }) => eventId })

describe("the figures of a customer", () => {
  it.prop([orders, entries])("are what a plain recomputation gives", (given, earned) => {
    assert.deepEqual(plainFigures(figuresOf(given, earned, policy)), recomputed(given, earned, policy))
  })

  const shuffled = fc
    .tuple(orders, entries)
    .chain(([given, earned]) =>
      fc.tuple(
        fc.constant([given, earned] as const),
        fc.shuffledSubarray([...given], { minLength: given.length }),
        fc.shuffledSubarray([...earned], { minLength: earned.length })
      )
    )

  it.prop([shuffled])("do not depend on the order in which they are given", ([[given, earned], ...others]) => {
    assert.deepEqual(plainFigures(figuresOf(...others, policy)), plainFigures(figuresOf(given, earned, policy)))
  })

  it("of nobody who has ordered are none", () => {
    assert.deepEqual(plainFigures(figuresOf([], [], policy)), { totalSpent: "0", orderCount: 0, loyaltyPoints: 0 })
  })

  it("add up cents exactly", () => {
    const cents = Array.from({ length: 1000 }, (_, index) => order(index, index % 2 === 0 ? "0.1" : "0.2", index))
    assert.strictEqual(BigDecimal.format(figuresOf(cents, [], policy).totalSpent), "150")
    const fractions = [order(1, "0.0001", 1), order(2, "0.0002", 2), order(3, "999999999.9999", 3)]
    assert.strictEqual(BigDecimal.format(figuresOf(fractions, [], policy).totalSpent), "1000000000.0002")
  })

  it("of the specification's example are shown as there", () => {
    const given = Array.from({ length: 23 }, (_, index) => order(index, index === 0 ? "5398.50" : "1", index))
    const figures = figuresOf(given, [], policy)
    const next = nextTierOf("premium", figures.totalSpent, policy)
    assert.strictEqual(onTheWire(figures.totalSpent), 5420.5)
    assert.strictEqual(onTheWire(averageOf(figures)), 235.67)
    assert.strictEqual(next?.progress, 54.21)
    assert.strictEqual(next === undefined ? undefined : onTheWire(next.remaining), 4579.5)
  })
})

describe("a threshold", () => {
  const sinceOf = ({ highValueSince, premiumSince, vipSince }: Figures) => [premiumSince, vipSince, highValueSince]

  it("is met by exactly its amount, when the order that meets it was completed", () => {
    const given = [order(1, "999.9999", 1), order(2, "0.0001", 2), order(3, "9000", 3)]
    assert.deepStrictEqual(sinceOf(figuresOf(given, [], policy)), [at(2), at(3), at(1)])
  })

  it("is not met by a ten-thousandth less", () => {
    const given = [order(1, "399.9999", 1), order(2, "0", 2)]
    assert.deepStrictEqual(sinceOf(figuresOf(given, [], policy)), [undefined, undefined, at(1)])
    assert.deepStrictEqual(sinceOf(figuresOf([order(1, "199.9999", 1)], [], policy)), [undefined, undefined, undefined])
  })

  it("that an average no longer meets was still met first when it was", () => {
    const given = [order(1, "200", 1), order(2, "1", 2), order(3, "1", 3)]
    assert.deepStrictEqual(figuresOf(given, [], policy).highValueSince, at(1))
  })

  it("is met at an earlier moment once an earlier order is told of", () => {
    const later = order(1, "1000", 9)
    assert.deepStrictEqual(figuresOf([later], [], policy).premiumSince, at(9))
    assert.deepStrictEqual(figuresOf([later, order(2, "1000", 4)], [], policy).premiumSince, at(4))
  })
})

describe("loyalty points", () => {
  const pointsAfter = (...given: ReadonlyArray<PointsEntry>) => figuresOf([], given, policy).loyaltyPoints

  it("are the newest balance and what came after it", () => {
    const given = [points("a", 100, 1), points("b", 50, 2, 400), points("c", 30, 3), points("d", -10, 4)]
    assert.strictEqual(pointsAfter(...given), 420)
  })

  it("are all points where no balance was told", () => {
    assert.strictEqual(pointsAfter(points("a", 100, 1), points("b", 50, 2)), 150)
  })

  it("of one moment are told in the order of their event ids", () => {
    assert.strictEqual(pointsAfter(points("b", 7, 1), points("a", 5, 1, 100)), 107)
    assert.strictEqual(pointsAfter(points("a", 7, 1), points("b", 5, 1, 100)), 100)
  })

  it("are never less than none", () => {
    assert.strictEqual(pointsAfter(points("a", 10, 1, 10), points("b", -30, 2)), 0)
  })
})
