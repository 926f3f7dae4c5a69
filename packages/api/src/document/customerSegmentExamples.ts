import type {
  ChangeSegment,
  CreateSegment,
  CustomerSegmentAnswer,
  DecideMembership,
  ExplanationAnswer,
  MembershipsAnswer,
  PreviewRule,
  RulePreviewAnswer,
  SegmentMembersAnswer
} from "../CustomerSegmentsApi.ts"
import { john } from "./customerExamples.ts"

type SegmentJson = (typeof CustomerSegmentAnswer.Encoded)["data"]["segment"]
type MembershipsJson = (typeof MembershipsAnswer.Encoded)["data"]["segments"]

const rule: NonNullable<SegmentJson["rule"]> = {
  all: [
    { field: "tier", op: "in", value: ["premium", "vip"] },
    { field: "orders.count", op: "gte", value: 5 }
  ]
}
const ruleText = 'tier in ("premium", "vip") and orders.count >= 5'

/** A segment of customers who come back. */
export const newFaithful: typeof CreateSegment.Encoded = {
  name: "faithful",
  description: "Customers who come back.",
  rule: ruleText
}

/** The segment while everybody is compared with its rule. */
export const faithfulMade: SegmentJson = {
  id: "0192dd01-7a00-7c44-9b60-1f0a8e6d2c95",
  name: "faithful",
  description: "Customers who come back.",
  kind: "rule",
  rule,
  ruleText,
  version: 1,
  isActive: true,
  memberCount: 0,
  inForce: { version: 0, ruleText: "nobody" },
  recompute: { state: "comparing", done: 0, total: 0, startedAt: "2024-10-30T10:00:00.000Z" },
  createdAt: "2024-10-30T10:00:00.000Z",
  updatedAt: "2024-10-30T10:00:00.000Z"
}

const { inForce: _inForce, recompute: _recompute, ...settled } = faithfulMade

/** The segment once that is done. */
export const faithful: SegmentJson = { ...settled, memberCount: 1284 }

/** A segment that colleagues fill. */
export const friends: SegmentJson = {
  id: "0192d6bd-8400-7e19-a5d2-6c7b3f08e451",
  name: "friends-of-the-house",
  kind: "manual",
  version: 1,
  isActive: true,
  memberCount: 12,
  createdAt: "2024-10-29T05:20:00.000Z",
  updatedAt: "2024-10-29T05:20:00.000Z"
}

const stricterRule: NonNullable<SegmentJson["rule"]> = {
  all: [
    { field: "orders.count", op: "gte", value: 10 },
    { field: "lastOrder", op: "withinLast", value: 90 }
  ]
}

/** Whoever comes back more often, and lately. */
export const stricter: typeof ChangeSegment.Encoded = { description: null, rule: stricterRule }

const { description: _description, ...undescribed } = faithful

/** The segment while its members are still those of the rule before. */
export const faithfulChanged: SegmentJson = {
  ...undescribed,
  rule: stricterRule,
  ruleText: "orders.count >= 10 and lastOrder within 90 days",
  version: 2,
  inForce: { version: 1, ruleText },
  recompute: { state: "comparing", done: 0, total: 250_000, startedAt: "2024-10-30T11:00:00.000Z" },
  updatedAt: "2024-10-30T11:00:00.000Z"
}

/** The segment on its way out. */
export const faithfulLeaving: SegmentJson = {
  ...faithful,
  version: 2,
  isActive: false,
  inForce: { version: 1, ruleText },
  recompute: { state: "comparing", done: 0, total: 250_000, startedAt: "2024-10-30T11:00:00.000Z" },
  updatedAt: "2024-10-30T11:00:00.000Z"
}

/** A rule to try. */
export const triedRule: typeof PreviewRule.Encoded = { rule: ruleText }

/** Whom it fits. */
export const fitting: (typeof RulePreviewAnswer.Encoded)["data"] = { count: 1284, sample: [john], rule, ruleText }

/** Who belongs to the segment. */
export const faithfulMembers: (typeof SegmentMembersAnswer.Encoded)["data"]["members"] = [
  { customer: john, since: "2024-10-30T10:00:04.310Z", by: "rule" }
]

/** Where a list of members that ends with John goes on. */
export const afterMemberJohn = "MDE4NWI0ZGYtMjEwMC03YTNlLTljNDEtNWIyZjhkNmUxYTcw"

/** Where John belongs. */
export const johnsMemberships: MembershipsJson = [
  { id: faithful.id, name: "faithful", since: "2024-10-30T10:00:04.310Z", by: "rule", ruleVersion: 1 }
]

/** A colleague counts John among the friends of the house until the end of the year. */
export const friendship: typeof DecideMembership.Encoded = {
  member: true,
  reason: "Agreed with the key account team",
  expiresAt: "2025-01-01T00:00:00.000Z"
}

/** Where John belongs from then on. */
export const johnBefriended: MembershipsJson = [
  ...johnsMemberships,
  {
    id: friends.id,
    name: friends.name,
    since: "2024-10-30T12:00:00.000Z",
    by: "hand",
    ruleVersion: 1,
    exception: {
      member: true,
      reason: "Agreed with the key account team",
      by: "support-7",
      at: "2024-10-30T12:00:00.000Z",
      expiresAt: "2025-01-01T00:00:00.000Z"
    }
  }
]

const whyFaithful =
  "She meets the rule: her tier is premium, which is one of premium and vip; she has 23 orders, which is at least 5. " +
  "What would change it: her tier becomes for example regular."

const otherTier = { set: [{ field: "tier", to: "regular" }], english: "her tier becomes for example regular" }

/** Why John belongs to the faithful. */
export const johnExplained: (typeof ExplanationAnswer.Encoded)["data"]["explanation"] = {
  customerId: john.id,
  segment: { id: faithful.id, name: "faithful", ruleVersion: 1, ruleText },
  member: true,
  because: "rule",
  summary: whyFaithful,
  rule: {
    verdict: true,
    summary: whyFaithful,
    change: otherTier,
    tree: {
      kind: "all",
      verdict: true,
      parts: [
        {
          kind: "clause",
          text: 'tier in ("premium", "vip")',
          field: "tier",
          op: "in",
          required: ["premium", "vip"],
          actual: ["premium"],
          verdict: true,
          english: "her tier is premium, which is one of premium and vip",
          change: otherTier
        },
        {
          kind: "clause",
          text: "orders.count >= 5",
          field: "orders.count",
          op: "gte",
          required: 5,
          actual: [23],
          verdict: true,
          english: "she has 23 orders, which is at least 5",
          change: { set: [{ field: "orders.count", to: 4 }], english: "the number of her orders becomes 4" }
        }
      ]
    }
  },
  asOf: "2024-10-30T12:00:00.000Z"
}
