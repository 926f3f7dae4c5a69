import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { BigDecimal, DateTime } from "effect"
import { StandingPolicy } from "../src/segment/StandingPolicy.ts"
import {
  averageOf,
  labelOf,
  newUntil,
  nextTierOf,
  requirementsOf,
  tierOf,
  whyLabel,
  whyTier
} from "../src/segment/Tier.ts"
import { amount, orderEntry } from "../src/testing/orderArbitraries.ts"
import { figuresOf } from "../src/order/Figures.ts"

const policy = StandingPolicy.defaultValue()
const registered = DateTime.makeUnsafe("2024-01-01T10:00:00Z")
const daysLater = (days: number, millis = 0) => DateTime.add(registered, { days, milliseconds: millis })

const spent = (total: string, orderCount = 1) => ({ totalSpent: BigDecimal.fromStringUnsafe(total), orderCount })
const individual = { createdAt: registered, customerType: "individual" } as const
const business = { ...individual, customerType: "business" } as const

describe("a tier", () => {
  it.each([
    ["0", "regular"],
    ["999.9999", "regular"],
    ["1000", "premium"],
    ["9999.9999", "premium"],
    ["10000", "vip"],
    ["1000000000", "vip"]
  ] as const)("of somebody who spent %s is %s", (total, tier) => {
    assert.strictEqual(tierOf(spent(total), policy), tier)
  })

  it("follows the thresholds of the shop", () => {
    const own = { ...policy, premiumFrom: BigDecimal.fromStringUnsafe("49.95") }
    assert.strictEqual(tierOf(spent("49.94"), own), "regular")
    assert.strictEqual(tierOf(spent("49.95"), own), "premium")
    assert.strictEqual(requirementsOf(own).premium, "totalSpent >= 49.95")
  })

  it("says what it asks for as the specification does", () => {
    assert.deepStrictEqual(requirementsOf(policy), {
      premium: "totalSpent >= 1000",
      vip: "totalSpent >= 10000",
      highValue: "averageOrderValue >= 200"
    })
  })
})

describe("an average order", () => {
  it.each([
    ["0", 0, "0"],
    ["100", 3, "33.3333"],
    ["200", 3, "66.6667"],
    ["5420.50", 23, "235.6739"]
  ])("of %s in %i orders is worth %s", (total, count, average) => {
    assert.strictEqual(BigDecimal.format(averageOf(spent(total, count))), average)
  })
})

describe("the label of a customer", () => {
  const label = (total: string, count: number, person: typeof individual | typeof business, days: number) => {
    const spending = spent(total, count)
    return labelOf(tierOf(spending, policy), spending, person, policy, daysLater(days))
  }

  it.each([
    ["vip before anything else", "10000", 50, business, 1, "vip"],
    ["high_value before wholesale", "200", 1, business, 1, "high_value"],
    ["high_value before new_customer", "400", 2, individual, 1, "high_value"],
    ["wholesale before new_customer", "0", 0, business, 1, "wholesale"],
    ["wholesale for as long as nothing better fits", "199.99", 1, business, 400, "wholesale"],
    ["new_customer before regular", "0", 0, individual, 1, "new_customer"],
    ["regular at last", "0", 0, individual, 30, "regular"],
    ["regular though she is premium", "1000", 100, individual, 31, "regular"]
  ] as const)("is %s", (_, total, count, person, days, expected) => {
    assert.strictEqual(label(total, count, person, days), expected)
  })

  it("is high_value from exactly the average on", () => {
    assert.strictEqual(label("600", 3, individual, 40), "high_value")
    assert.strictEqual(label("599.9999", 3, individual, 40), "regular")
  })

  it("follows a tier that was put in the place of hers", () => {
    assert.strictEqual(labelOf("vip", spent("0", 0), individual, policy, registered), "vip")
    assert.strictEqual(labelOf("regular", spent("20000", 200), individual, policy, registered), "new_customer")
  })

  it("is new until the moment at which thirty days have passed", () => {
    const labelAt = (now: DateTime.Utc) => labelOf("regular", spent("0", 0), individual, policy, now)
    assert.deepStrictEqual(newUntil(individual, policy), daysLater(30))
    assert.strictEqual(labelAt(daysLater(30, -1)), "new_customer")
    assert.strictEqual(labelAt(daysLater(30)), "regular")
  })

  it.prop([fc.array(orderEntry, { maxLength: 6 }), fc.boolean(), fc.integer({ min: 0, max: 60 })])(
    "is the first in the order of the specification that fits",
    (orders, isBusiness, days) => {
      const figures = figuresOf(orders, [], policy)
      const average = BigDecimal.toNumberUnsafe(figures.totalSpent) / figures.orderCount
      const first = [
        figures.vipSince !== undefined && "vip",
        average >= 200 && "high_value",
        isBusiness && "wholesale",
        days < 30 && "new_customer",
        "regular"
      ].find((name) => name !== false)
      const person = isBusiness ? business : individual
      assert.strictEqual(labelOf(tierOf(figures, policy), figures, person, policy, daysLater(days)), first)
    }
  )
})

describe("the way to the next tier", () => {
  const way = (tier: "regular" | "premium" | "vip", total: string) => {
    const next = nextTierOf(tier, BigDecimal.fromStringUnsafe(total), policy)
    return next && [next.tier, next.progress, BigDecimal.format(next.remaining)]
  }

  it("begins at nothing and has two decimals", () => {
    assert.deepStrictEqual(way("regular", "0"), ["premium", 0, "1000"])
    assert.deepStrictEqual(way("premium", "5420.50"), ["vip", 54.21, "4579.5"])
    assert.deepStrictEqual(way("premium", "3333.33"), ["vip", 33.33, "6666.67"])
  })

  it("ends with the highest tier", () => {
    assert.isUndefined(way("vip", "10000"))
  })

  it("is gone, and no more than gone, where a lower tier was put in the place of hers", () => {
    assert.deepStrictEqual(way("regular", "20000"), ["premium", 100, "0"])
  })

  it("is gone where a threshold asks for nothing", () => {
    const free = { ...policy, premiumFrom: BigDecimal.fromNumberUnsafe(0) }
    assert.strictEqual(nextTierOf("regular", BigDecimal.fromNumberUnsafe(0), free)?.progress, 100)
  })

  it.prop([amount])("is gone and left in parts that make the whole", (total) => {
    const next = nextTierOf(tierOf({ totalSpent: total }, policy), total, policy)
    if (next === undefined) return
    const whole = next.tier === "vip" ? policy.vipFrom : policy.premiumFrom
    assert.isTrue(BigDecimal.equals(BigDecimal.sum(total, next.remaining), whole))
    const share = (BigDecimal.toNumberUnsafe(total) / BigDecimal.toNumberUnsafe(whole)) * 100
    assert.closeTo(next.progress, share, 0.005_001)
  })
})

describe("the reason of a tier or label", () => {
  it("names the figure and the threshold", () => {
    assert.strictEqual(whyTier("regular", spent("999.994"), policy), "totalSpent 999.99 < 1000")
    assert.strictEqual(whyTier("premium", spent("1000"), policy), "totalSpent 1000.00 >= 1000")
    assert.strictEqual(whyTier("vip", spent("12345.675"), policy), "totalSpent 12345.68 >= 10000")
    assert.strictEqual(whyLabel("high_value", spent("5420.50", 23), policy), "averageOrderValue 235.67 >= 200")
    assert.strictEqual(whyLabel("new_customer", spent("0"), policy), "registered less than 30 days ago")
    assert.strictEqual(whyLabel("wholesale", spent("0"), policy), "customerType is business")
    assert.strictEqual(whyLabel("vip", spent("0"), policy), "tier is vip")
    assert.include(whyLabel("regular", spent("0"), policy), "30 days ago or more")
  })
})
