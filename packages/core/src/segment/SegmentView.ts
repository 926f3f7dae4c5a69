import { Schema } from "effect"
import { Instant } from "../value/Instant.ts"
import { shownAs } from "../value/shownAs.ts"
import { printRule } from "./rule/ruleText.ts"
import { Rule } from "./rule/Rule.ts"
import { isBehind, type Segment, SegmentId, SegmentKind } from "./Segment.ts"

const Count = Schema.Int.annotate(shownAs({ type: "integer", minimum: 0 }))

/** A segment as the API shows it. */
export const SegmentView = Schema.Struct({
  id: SegmentId,
  name: Schema.String,
  description: Schema.optionalKey(Schema.String),
  kind: SegmentKind,
  rule: Schema.optionalKey(Rule),
  ruleText: Schema.optionalKey(
    Schema.String.annotate({
      description: "The rule in its text form; absent where the segment is filled by hand.",
      examples: ['tier = "vip" and orders.count >= 5']
    })
  ),
  version: Schema.Int.annotate({
    description: "Grows by one with every change of the segment; in quotes it is the ETag.",
    ...shownAs({ type: "integer", minimum: 1 })
  }),
  isActive: Schema.Boolean,
  memberCount: Count.annotate({ description: "How many customers belong to it now." }),
  inForce: Schema.optionalKey(
    Schema.Struct({ version: Count, ruleText: Schema.optionalKey(Schema.String) }).annotate({
      description: "The rule that memberships follow as long as the recompute by the new one is not through."
    })
  ),
  recompute: Schema.optionalKey(
    Schema.Struct({
      state: Schema.Literals(["comparing", "telling"]),
      done: Count,
      total: Count,
      startedAt: Instant
    }).annotate({
      description: "comparing: everybody with the new rule; telling: other services of who moved. Absent when through."
    })
  ),
  createdAt: Instant,
  updatedAt: Instant
}).annotate({ identifier: "CustomerSegment", description: "Customers that belong together, and the rule by which." })
export type SegmentView = typeof SegmentView.Type

const ruleTextOf = (kind: SegmentKind, rule: Rule) => (kind === "manual" ? {} : { ruleText: printRule(rule) })

/** A segment and how many belong to it, as they are shown. */
export const segmentView = (segment: Segment, memberCount: number): SegmentView => {
  const { createdAt, description, id, inForce, isActive, isLeaving, kind, name, recompute, rule, updatedAt, version } =
    segment
  return {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    kind,
    ...(kind === "manual" ? {} : { rule }),
    ...ruleTextOf(kind, rule),
    version,
    isActive: isActive && !isLeaving,
    memberCount,
    ...(isBehind(segment) ? { inForce: { version: inForce.version, ...ruleTextOf(kind, inForce.rule) } } : {}),
    ...(recompute === undefined ? {} : { recompute }),
    createdAt,
    updatedAt
  }
}
