import { Result, Schema } from "effect"
import type { InputIssue } from "../customer/CustomerErrors.ts"
import { InvalidInput } from "../customer/CustomerErrors.ts"
import { shownAs } from "../value/shownAs.ts"
import { readRuleInput } from "./rule/readRuleInput.ts"
import type { Rule } from "./rule/Rule.ts"
import { SegmentDescription, SegmentKind, SegmentName } from "./Segment.ts"

// Which of the two forms it is, and what is wrong in it, is told better by who reads it than by a union's alternatives.
const forms = shownAs({ anyOf: [{ type: "string" }, { $ref: "#/$defs/SegmentRule" }] })

/** A rule as it is given: in its text form or its JSON form. What is in it is looked at by `readRuleInput`. */
export const RuleInput = Schema.declare((input): input is string | Rule =>
  typeof input === "string" ? true : typeof input === "object" && input !== null && !Array.isArray(input)
)
  .annotate({
    message: "must be a rule as text, or as an object with all, any, not, or field, op and value",
    toCodecJson: () => undefined
  })
  .check(Schema.makeFilter(() => true, forms))
  .annotate({
    identifier: "SegmentRuleInput",
    description: "A rule, as text or as an object.",
    examples: ['tier = "vip" and orders.count >= 5']
  })
export type RuleInput = typeof RuleInput.Type

/** What it takes to make a segment: a rule, unless colleagues alone are to fill it. */
export const NewSegment = Schema.Struct({
  name: SegmentName,
  description: Schema.optionalKey(SegmentDescription),
  kind: Schema.optionalKey(SegmentKind).annotate({ description: "rule where it is absent." }),
  rule: Schema.optionalKey(RuleInput)
})
export type NewSegment = typeof NewSegment.Type

/** Changes to a segment: absent fields stay, null clears the description. Its name and kind are for good. */
export const SegmentChanges = Schema.Struct({
  description: Schema.optionalKey(Schema.NullOr(SegmentDescription)),
  rule: Schema.optionalKey(RuleInput),
  isActive: Schema.optionalKey(Schema.Boolean).annotate({
    description: "Nobody belongs to a segment that is switched off."
  })
})
export type SegmentChanges = typeof SegmentChanges.Type

const invalid = (issues: ReadonlyArray<InputIssue>) => new InvalidInput({ issues })

/** The rule that was given; fails with `InvalidInput` that says where in it what is wrong. */
export const readGivenRule = (input: unknown): Result.Result<Rule, InvalidInput> =>
  Result.mapError(readRuleInput(input), invalid)

/** `InvalidInput` with one issue. */
export const issueAt = (path: string, message: string): InvalidInput => invalid([{ path, message }])
