import type { DateTime } from "effect"
import { Effect, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { shownAs } from "../value/shownAs.ts"
import { Text } from "../value/Text.ts"
import { everyone, noOne, type Rule } from "./rule/Rule.ts"

export const SegmentId = Schema.String.check(Schema.isUUID()).pipe(Schema.brand("SegmentId"))
export type SegmentId = typeof SegmentId.Type

/** A new segment id, UUID version 7. */
export const makeSegmentId: Effect.Effect<SegmentId, never, SecureRandom.SecureRandom> = Effect.map(
  Effect.flatMap(SecureRandom.SecureRandom, (random) => random.uuidV7()),
  (id) => id as SegmentId
)

const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/

// Words that stand in the place of a segment's name in a path.
const taken = new Set(["preview"])

// A segment is found by its id or its name: the one must never be the other.
const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A segment's name for good: small letters and digits, in words tied by hyphens. */
export const SegmentName = Schema.String.check(
  Schema.isMaxLength(64, { message: "must be at most 64 characters long" }),
  Schema.makeFilter((name) => slug.test(name) && !taken.has(name) && !id.test(name), {
    message: "must be words of a-z and 0-9 tied by hyphens, not preview and not an id"
  })
).annotate({ examples: ["vip-customers"], ...shownAs({ pattern: slug.source, maxLength: 64 }) })
export type SegmentName = typeof SegmentName.Type

export const SegmentDescription = Text(1000).annotate({ description: "What the segment is for, in the shop's words." })

/** Who decides who belongs: a rule, with exceptions made by hand, or colleagues alone. */
export const SegmentKind = Schema.Literals(["rule", "manual"])
export type SegmentKind = typeof SegmentKind.Type

/** What memberships follow: until a recompute is through, that is an earlier rule than the segment's own. */
export interface RuleInForce {
  readonly rule: Rule
  /** The segment's version that brought the rule; 0 where none has come into force yet. */
  readonly version: number
  /** Nobody belongs to a segment that is switched off, whatever was done by hand. */
  readonly isActive: boolean
}

/** How far the recompute of a segment is: it compares everybody, switches, then tells other services who moved. */
export interface RecomputeProgress {
  readonly state: "comparing" | "telling"
  /** Customers that are compared, or told of. */
  readonly done: number
  /** Customers to compare, as an estimate, or to tell of. */
  readonly total: number
  readonly startedAt: DateTime.Utc
}

/** A segment of customers. `version` grows by one with every change of it. */
export interface Segment {
  readonly id: SegmentId
  readonly name: SegmentName
  readonly description?: string | undefined
  readonly kind: SegmentKind
  /** Nobody's where the segment is filled by hand. */
  readonly rule: Rule
  readonly version: number
  readonly isActive: boolean
  /** It is gone once nobody belongs to it any more. */
  readonly isLeaving: boolean
  readonly inForce: RuleInForce
  readonly recompute?: RecomputeProgress | undefined
  readonly createdAt: DateTime.Utc
  readonly updatedAt: DateTime.Utc
}

/** What memberships are to follow. */
export const wantedOf = ({ isActive, isLeaving, rule, version }: Segment): RuleInForce => ({
  rule,
  version,
  isActive: isActive && !isLeaving
})

const isSameRule = (one: Rule, other: Rule): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Whether memberships follow another rule than they are to. */
export const isBehind = (segment: Segment): boolean => {
  const { inForce } = segment
  const wanted = wantedOf(segment)
  return inForce.isActive !== wanted.isActive || (wanted.isActive && !isSameRule(inForce.rule, wanted.rule))
}

/** The segments that the specification names, each with its rule; the first migration that knows rules makes them. */
export const defaultSegments: ReadonlyArray<{
  readonly name: string
  readonly description: string
  readonly rule: Rule
}> = [
  { name: "all-customers", description: "All registered customers.", rule: everyone },
  {
    name: "new-customers",
    description: "Customers registered in the last 30 days.",
    rule: { field: "createdAt", op: "withinLast", value: 30 }
  },
  {
    name: "regular-customers",
    description: "Standard customers.",
    rule: {
      all: [
        { field: "type", op: "eq", value: "individual" },
        { field: "tier", op: "ne", value: "vip" }
      ]
    }
  },
  {
    name: "wholesale-customers",
    description: "Business customers.",
    rule: { field: "type", op: "eq", value: "business" }
  },
  {
    name: "vip-customers",
    description: "Customers of high value, by what they have ordered.",
    rule: { field: "tier", op: "eq", value: "vip" }
  }
]

/** The rule of segments that are filled by hand. */
export const ruleOfHands = noOne
