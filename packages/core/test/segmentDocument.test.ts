import { assert, describe, it } from "@effect/vitest"
import { BigDecimal, DateTime, Schema } from "effect"
import type { Customer } from "../src/customer/Customer.ts"
import { CustomerId } from "../src/customer/CustomerId.ts"
import { SegmentDocument, segmentDocument } from "../src/segment/SegmentDocument.ts"
import type { StandingRecord } from "../src/segment/StandingRecord.ts"
import { registration } from "../src/testing/index.ts"
import { averageOf } from "../src/segment/Tier.ts"
import { newcomer, policy } from "./standingScene.ts"

const customerId = "0192d4f0-0000-7000-8000-000000000456"

/** The document of the specification's example, under an id that this service could have made. */
const example = {
  customerId,
  tier: "premium",
  segment: "high_value",
  loyaltyPoints: 2500,
  metrics: {
    totalSpent: 5420.5,
    orderCount: 23,
    averageOrderValue: 235.67,
    lastOrderDate: "2024-10-25T10:00:00.000Z",
    daysSinceLastOrder: 5,
    lifetimeValue: 5420.5
  },
  qualifications: {
    premiumTier: { qualified: true, requirement: "totalSpent >= 1000", achievedAt: "2023-06-15T10:00:00.000Z" },
    highValueSegment: {
      qualified: true,
      requirement: "averageOrderValue >= 200",
      achievedAt: "2023-08-20T10:00:00.000Z"
    }
  },
  nextTier: { tier: "vip", requirement: "totalSpent >= 10000", progress: 54.21, remaining: 4579.5 },
  updatedAt: "2024-10-29T10:00:00.000Z"
}

const spending = { totalSpent: BigDecimal.fromStringUnsafe("5420.50"), orderCount: 23 }

const john: Customer = {
  ...registration().customer,
  id: CustomerId.make(customerId),
  segment: {
    tier: "premium",
    segment: "high_value",
    loyaltyPoints: 2500,
    ...spending,
    averageOrderValue: averageOf(spending)
  }
}

const record: StandingRecord = {
  lastOrderAt: DateTime.makeUnsafe("2024-10-25T10:00:00Z"),
  premiumSince: DateTime.makeUnsafe("2023-06-15T10:00:00Z"),
  highValueSince: DateTime.makeUnsafe("2023-08-20T10:00:00Z"),
  updatedAt: DateTime.makeUnsafe("2024-10-29T10:00:00Z")
}

const now = DateTime.makeUnsafe("2024-10-30T10:00:00Z")

const encode = Schema.encodeSync(SegmentDocument)

const onTheWire = (customer: Customer, behind: StandingRecord, when = now): typeof SegmentDocument.Encoded =>
  JSON.parse(JSON.stringify(encode(segmentDocument(customer, behind, policy, when))))

const withSpending = (tier: Customer["segment"]["tier"], total: string): Customer => ({
  ...john,
  segment: { ...john.segment, tier, totalSpent: BigDecimal.fromStringUnsafe(total) }
})

describe("the segment of a customer", () => {
  it("is shown exactly as in the specification, its fields in the same order", () => {
    assert.deepStrictEqual(onTheWire(john, record), example as typeof SegmentDocument.Encoded)
    assert.strictEqual(JSON.stringify(onTheWire(john, record)), JSON.stringify(example))
  })

  it("is read back as it was shown", () => {
    const read = Schema.decodeUnknownSync(SegmentDocument)(example)
    assert.deepStrictEqual(JSON.parse(JSON.stringify(encode(read))), example)
  })

  it("of a newcomer tells what she has to do, and of no order", () => {
    const someone = newcomer()
    const shown = onTheWire(someone.customer, someone.record)
    assert.deepStrictEqual(shown.metrics, { totalSpent: 0, orderCount: 0, averageOrderValue: 0, lifetimeValue: 0 })
    assert.deepStrictEqual(shown.qualifications, {
      premiumTier: { qualified: false, requirement: "totalSpent >= 1000" },
      highValueSegment: { qualified: false, requirement: "averageOrderValue >= 200" }
    })
    assert.deepStrictEqual(shown.nextTier, {
      tier: "premium",
      requirement: "totalSpent >= 1000",
      progress: 0,
      remaining: 1000
    })
    assert.notProperty(shown, "overrides")
  })

  it("of a vip shows the tier as met, and nothing above it", () => {
    const vipSince = DateTime.makeUnsafe("2024-01-01T10:00:00Z")
    const shown = onTheWire(withSpending("vip", "10000"), { ...record, vipSince })
    assert.deepStrictEqual(shown.qualifications.vipTier, {
      qualified: true,
      requirement: "totalSpent >= 10000",
      achievedAt: "2024-01-01T10:00:00.000Z"
    })
    assert.notProperty(shown, "nextTier")
  })

  it("shows a threshold that is met no longer as not met, without when it was", () => {
    const shown = onTheWire({ ...john, segment: { ...john.segment, orderCount: 100 } }, record)
    assert.deepStrictEqual(shown.qualifications.highValueSegment, {
      qualified: false,
      requirement: "averageOrderValue >= 200"
    })
  })

  it("judges by the figures, and shows beside them what a colleague put in their place", () => {
    const at = DateTime.makeUnsafe("2024-10-20T10:00:00Z")
    const override = { reason: "Agreed", by: "support-7", at }
    const shown = onTheWire(withSpending("vip", "10"), {
      ...record,
      tierOverride: { ...override, value: "vip", expiresAt: DateTime.makeUnsafe("2025-01-01T00:00:00Z") },
      segmentOverride: { ...override, value: "high_value" }
    })
    const told = { reason: "Agreed", by: "support-7", at: "2024-10-20T10:00:00.000Z" }
    assert.deepStrictEqual(shown.overrides, {
      tier: { ...told, expiresAt: "2025-01-01T00:00:00.000Z" },
      segment: told
    })
    assert.isFalse(shown.qualifications.premiumTier.qualified)
    assert.notProperty(shown.qualifications, "vipTier")
  })

  it.each([
    ["2024-10-25T10:00:00Z", 0],
    ["2024-10-26T09:59:59.999Z", 0],
    ["2024-10-26T10:00:00Z", 1],
    ["2024-10-24T10:00:00Z", 0]
  ])("at %s counts %i whole days since the last order", (when, days) => {
    assert.strictEqual(onTheWire(john, record, DateTime.makeUnsafe(when)).metrics.daysSinceLastOrder, days)
  })
})
