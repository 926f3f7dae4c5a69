import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { BigDecimal, DateTime } from "effect"
import { medianOf } from "../src/analytics/Intervals.ts"
import { lastMonths } from "../src/analytics/Months.ts"
import { amount } from "../src/testing/orderArbitraries.ts"
import { analyticsAt, bought, factsOf } from "./analyticsScene.ts"

const day = 86_400_000
const now = "2024-10-30T10:00:00.000Z"

const orders = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 800 * 24 }), amount), { maxLength: 12 })
  .map((given) =>
    given
      .map(([hours, total]) =>
        bought(new Date(Date.parse(now) - hours * 3_600_000).toISOString(), BigDecimal.format(total))
      )
      .toSorted((one, other) => one.completedAt.epochMilliseconds - other.completedAt.epochMilliseconds)
  )

describe("intervals between orders", () => {
  it.prop([orders])("are what a plain recomputation gives", (given) => {
    const times = given.map(({ completedAt }) => completedAt.epochMilliseconds / day)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
    const { asOf: _, basis: __, ...shown } = analyticsAt(now, factsOf(given)).intervals
    if (given.length === 0) return assert.deepEqual<unknown>(shown, {})
    assert.strictEqual(shown.count, gaps.length)
    if (gaps.length === 0) return assert.deepEqual<unknown>(shown, { count: 0 })
    const mean = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / gaps.length
    const near = (one: number | undefined, other: number) => assert.closeTo(one ?? Number.NaN, other, 0.0051)
    near(shown.mean, mean)
    near(shown.shortest, Math.min(...gaps))
    near(shown.longest, Math.max(...gaps))
    assert.isTrue(gaps.filter((gap) => gap <= (shown.median ?? 0) + 0.01).length * 2 >= gaps.length)
    assert.isTrue(gaps.filter((gap) => gap >= (shown.median ?? 0) - 0.01).length * 2 >= gaps.length)
  })

  it("have the one in the middle as their median, or the mean of the two in the middle", () => {
    assert.strictEqual(medianOf([9, 1, 5]), 5)
    assert.strictEqual(medianOf([9, 1, 5, 6]), 5.5)
    assert.isUndefined(medianOf([]))
  })

  it("are shown in days of 24 hours with two decimals", () => {
    const given = ["2024-03-30T12:00:00.000Z", "2024-03-31T12:00:00.000Z", "2024-04-02T18:00:00.000Z"].map((at) =>
      bought(at)
    )
    assert.deepInclude(analyticsAt(now, factsOf(given)).intervals, {
      count: 2,
      mean: 1.63,
      median: 1.63,
      shortest: 1,
      longest: 2.25
    })
  })
})

describe("the next order", () => {
  const at = (...days: ReadonlyArray<number>) =>
    factsOf(days.map((each) => bought(new Date(Date.parse("2024-10-01T00:00:00.000Z") + each * day).toISOString())))

  it("is expected a median interval after the last one, and overdue by its share of that", () => {
    const { nextOrder } = analyticsAt("2024-10-22T00:00:00.000Z", at(0, 2, 8))
    assert.deepInclude(nextOrder, { expectedAt: "2024-10-13T00:00:00.000Z", overdueRatio: 3.25 })
    assert.include(nextOrder.basis, "the median of 2 intervals; 3 orders told of by OrderCompleted events")
  })

  it.each([
    ["fewer than two intervals", at(0, 2)],
    ["nothing between them", at(3, 3, 3)],
    ["no order", at()]
  ] as const)("is not guessed at where there is %s", (_, facts) => {
    const { nextOrder } = analyticsAt(now, facts)
    assert.notProperty(nextOrder, "expectedAt")
    assert.notProperty(nextOrder, "overdueRatio")
    assert.match(nextOrder.basis, /^not expected: /)
  })
})

describe("the last twelve months", () => {
  it("are calendar months in UTC, the current one last, also at the end of a long month", () => {
    const months = lastMonths(DateTime.makeUnsafe("2024-03-31T23:59:59.999Z"))
    assert.strictEqual(months.length, 12)
    assert.deepEqual([months[0], months.at(-2), months.at(-1)], ["2023-04", "2024-02", "2024-03"])
  })

  it.prop([orders])("hold every order of theirs once, exactly", (given) => {
    const { months } = analyticsAt(now, factsOf(given)).lastTwelveMonths
    for (const { month, orderCount, totalSpent } of months ?? []) {
      const units = given
        .filter(({ completedAt }) => new Date(completedAt.epochMilliseconds).toISOString().startsWith(month))
        .map(({ total }) => BigInt(BigDecimal.format(BigDecimal.multiply(total, BigDecimal.fromBigInt(10_000n)))))
      const cents = (units.reduce((sum, each) => sum + each, 0n) + 50n) / 100n
      assert.deepEqual([orderCount, totalSpent], [units.length, Number(cents) / 100])
    }
    const first = Date.parse("2023-11-01T00:00:00.000Z")
    const counted = (months ?? []).reduce((sum, { orderCount }) => sum + orderCount, 0)
    assert.strictEqual(counted, given.filter(({ completedAt }) => completedAt.epochMilliseconds >= first).length)
  })

  it("are empty, and not unknown, of one who registered here and never ordered", () => {
    const { lastTwelveMonths } = analyticsAt(now, factsOf([]))
    assert.deepEqual(
      lastTwelveMonths.months?.map(({ orderCount, totalSpent }) => [orderCount, totalSpent]),
      Array.from({ length: 12 }, () => [0, 0])
    )
  })

  it("round to cents once, after they were added up", () => {
    const facts = factsOf([bought("2024-10-01T00:00:00.000Z", "0.0049"), bought("2024-10-02T00:00:00.000Z", "0.0049")])
    assert.deepInclude(analyticsAt(now, facts).lastTwelveMonths.months?.at(-1), { orderCount: 2, totalSpent: 0.01 })
  })
})
