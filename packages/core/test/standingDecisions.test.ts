import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { BigDecimal } from "effect"
import { figures as anyFigures } from "../src/testing/orderArbitraries.ts"
import {
  after,
  daysLater,
  figures,
  newcomer,
  overridden,
  policy,
  registered,
  restated,
  reviewed,
  shown,
  told
} from "./standingScene.ts"

const reason = "Agreed with the key account team"

describe("a newcomer", () => {
  it("is regular and new, and looked at again when thirty days are over", () => {
    const { customer, record } = newcomer()
    assert.deepStrictEqual(shown(newcomer()), ["regular", "new_customer"])
    assert.deepStrictEqual(record.reviewAt, daysLater(30))
    assert.strictEqual(customer.version, 1)
  })

  it("who is a business is wholesale, and time alone changes nothing", () => {
    const business = newcomer("business")
    assert.deepStrictEqual(shown(business), ["regular", "wholesale"])
    assert.isUndefined(business.record.reviewAt)
  })

  it("is regular at exactly thirty days, and not a moment before", () => {
    const someone = newcomer()
    assert.strictEqual(reviewed(someone, daysLater(30, -1)).customer, someone.customer)
    const change = reviewed(someone, daysLater(30))
    assert.deepStrictEqual(shown(change), ["regular", "regular"])
    assert.deepStrictEqual(told(change), [
      ["label", "new_customer", "regular", "no other label fits, and registered 30 days ago or more"]
    ])
    assert.strictEqual(change.customer.version, 2)
    assert.isUndefined(change.standing?.reviewAt)
    assert.isUndefined(change.tierChange)
    assert.isUndefined(change.audits)
  })
})

describe("orders and points", () => {
  it("that make another tier are told, and remembered by when the threshold was met", () => {
    const change = restated(newcomer(), figures("1200", 10), daysLater(5))
    assert.deepStrictEqual(shown(change), ["premium", "new_customer"])
    assert.deepStrictEqual(told(change), [["tier", "regular", "premium", "totalSpent 1200.00 >= 1000"]])
    assert.deepStrictEqual(change.tierChange, {
      from: "regular",
      to: "premium",
      cause: "orders",
      reason: "totalSpent 1200.00 >= 1000",
      achievedAt: daysLater(1),
      at: daysLater(5)
    })
  })

  it("that make another tier and label are one version, and told as two changes", () => {
    const change = restated(newcomer(), figures("12000", 10), daysLater(5))
    assert.deepStrictEqual(
      told(change).map(([what, from, to]) => [what, from, to]),
      [
        ["tier", "regular", "vip"],
        ["label", "new_customer", "vip"]
      ]
    )
    assert.strictEqual(change.customer.version, 2)
    for (const event of change.events) assert.strictEqual("version" in event && event.version, 2)
  })

  it("that change figures alone are a new version that nobody is told of", () => {
    const someone = newcomer()
    const change = restated(someone, figures("10", 1, { loyaltyPoints: 7 }), daysLater(5))
    assert.strictEqual(change.customer.version, 2)
    assert.strictEqual(change.customer.segment.loyaltyPoints, 7)
    assert.deepStrictEqual(change.events, [])
    assert.deepStrictEqual(change.customer.updatedAt, daysLater(5))
    assert.deepStrictEqual(restated(someone, figures("10", 1, { loyaltyPoints: 8 }), daysLater(5)).events, [])
  })

  it("that are taken back take the tier back", () => {
    const someone = newcomer()
    const premium = after(someone, restated(someone, figures("1200", 10), daysLater(5)))
    const change = restated(premium, figures("200", 9), daysLater(6))
    assert.deepStrictEqual(shown(change), ["regular", "new_customer"])
    assert.deepInclude(change.tierChange, { from: "premium", to: "regular", achievedAt: daysLater(6) })
  })

  it("leave an override in force, and count all the same", () => {
    const someone = newcomer()
    const vip = after(someone, overridden(someone, { tier: "vip", segment: "regular", reason }, daysLater(1)))
    const change = restated(vip, figures("1200", 10), daysLater(5))
    assert.deepStrictEqual(shown(change), ["vip", "regular"])
    assert.strictEqual(change.customer.segment.orderCount, 10)
    assert.deepStrictEqual(change.standing?.premiumSince, daysLater(1))
    assert.deepStrictEqual(change.events, [])
    assert.isUndefined(change.audits)
  })

  it("that come after an override's time is over end it as time would", () => {
    const someone = newcomer()
    const expiresAt = daysLater(3)
    const vip = after(someone, overridden(someone, { tier: "vip", expiresAt, reason }, daysLater(1)))
    const change = restated(vip, figures("10"), daysLater(3))
    assert.deepStrictEqual(shown(change), ["regular", "new_customer"])
    assert.deepInclude(change.tierChange, { cause: "override_ended", achievedAt: daysLater(3) })
    assert.deepStrictEqual(
      change.audits?.map(({ action, actor }) => [action, actor]),
      [["override_ended", "time"]]
    )
    const earned = restated(vip, figures("1200", 10), daysLater(3))
    assert.deepInclude(earned.tierChange, { to: "premium", cause: "orders", achievedAt: daysLater(1) })
  })

  it.prop([anyFigures, anyFigures, fc.integer({ min: 0, max: 60 })])(
    "that come to the same once more change nothing",
    (before, given, days) => {
      const someone = newcomer()
      const known = after(someone, restated(someone, before, registered))
      const once = after(known, restated(known, given, daysLater(days)))
      const twice = restated(once, given, daysLater(days))
      assert.strictEqual(twice.customer, once.customer)
      assert.deepStrictEqual(twice.events, [])
      assert.deepStrictEqual(twice.standing, once.record)
      assert.isUndefined(twice.tierChange)
      assert.isUndefined(twice.audits)
    }
  )
})

describe("thresholds that have changed", () => {
  it("move a tier by the policy, not by orders", () => {
    const someone = newcomer()
    const premium = after(someone, restated(someone, figures("1200", 10), daysLater(1)))
    const dearer = { ...policy, premiumFrom: BigDecimal.fromNumberUnsafe(1500) }
    const change = reviewed(premium, daysLater(2), dearer)
    assert.deepInclude(change.tierChange, { from: "premium", to: "regular", cause: "policy", achievedAt: daysLater(2) })
    assert.deepStrictEqual(told(change), [["tier", "premium", "regular", "totalSpent 1200.00 < 1500"]])
  })
})
