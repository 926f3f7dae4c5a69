import { Schema } from "effect"
import { Clause } from "./Rule.ts"
import { RuleChange, ShownValue } from "./RuleChange.ts"

const Verdict = Schema.Boolean.annotate({ description: "Whether she meets it." })

/** What one clause asks of a customer, and what it finds. */
export const ClauseExplanation = Schema.Struct({
  kind: Schema.Literal("clause"),
  text: Schema.String.annotate({ description: "The clause in the rule's text form.", examples: ["orders.count >= 5"] }),
  field: Clause.fields.field,
  op: Clause.fields.op,
  required: Clause.fields.value.annotate({ description: "What the value is compared with." }),
  actual: Schema.Array(ShownValue).annotate({ description: "The values that there are, as they are on the wire." }),
  verdict: Verdict,
  english: Schema.String.annotate({
    description: "What was found, in plain English.",
    examples: ["her last order was 12 days ago, which is within the last 30 days"]
  }),
  change: Schema.optionalKey(RuleChange)
}).annotate({ identifier: "SegmentClauseExplanation", description: "What one clause asks of her, and what it finds." })
export type ClauseExplanation = typeof ClauseExplanation.Type

/** Several parts that are tied together, and what they come to. */
export interface ExplainedGroup<Part> {
  readonly kind: "all" | "any" | "not"
  readonly verdict: boolean
  readonly parts: ReadonlyArray<Part>
}

/** One part of a rule, with its verdict: a clause, or a group of parts. */
export type ExplainedPart = ClauseExplanation | ExplainedGroup<ExplainedPart>
export type EncodedPart = typeof ClauseExplanation.Encoded | ExplainedGroup<EncodedPart>

const suspended = Schema.suspend((): Schema.Codec<ExplainedPart, EncodedPart> => ExplainedPart)

/** One part of a rule, with its verdict; in the shape of the rule. */
export const ExplainedPart: Schema.Codec<ExplainedPart, EncodedPart> = Schema.Union([
  ClauseExplanation,
  Schema.Struct({
    kind: Schema.Literals(["all", "any", "not"]),
    verdict: Verdict,
    parts: Schema.Array(suspended)
  })
]).annotate({
  identifier: "SegmentRulePart",
  description: "One part of a rule with its verdict: a clause, or a group of parts."
})

/** Why a customer meets a rule, or does not. */
export const RuleExplanation = Schema.Struct({
  verdict: Verdict,
  summary: Schema.String.annotate({
    description: "The clauses that decide, and what would change it, in plain English.",
    examples: ["She meets the rule: her tier is vip. What would change it: her tier becomes regular."]
  }),
  change: Schema.optionalKey(RuleChange),
  tree: ExplainedPart
}).annotate({ identifier: "RuleExplanation", description: "Why a customer meets a rule, or does not." })
export type RuleExplanation = typeof RuleExplanation.Type
