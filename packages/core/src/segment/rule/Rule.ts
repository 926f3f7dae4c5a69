import { Schema } from "effect"

/** What a clause asks of a field. Which operators a field takes follows from its type: see `ruleFields.ts`. */
export const Operator = Schema.Literals([
  "eq",
  "ne",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "contains",
  "startsWith",
  "exists",
  "between",
  "withinLast",
  "notWithinLast",
  "dayOfYear"
])
export type Operator = typeof Operator.Type

const Scalar = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
export type Scalar = typeof Scalar.Type

/**
 * One condition on one field. `value` is
 * - for `eq`, `ne`, `lt`, `lte`, `gt`, `gte`, `contains`, `startsWith`: what the field is compared with; moments are
 *   written in RFC 3339, or as a day, which begins at midnight UTC;
 * - for `in`: a list of 1 to 100 of these; for `between`: the lowest and the highest, both included;
 * - for `exists`: true where there is to be a value, false where there is to be none;
 * - for `withinLast` and `notWithinLast`: whole days of 24 hours; `withinLast` holds as long as now is before the field's
 *   moment and so many days, `notWithinLast` where it does not;
 * - for `dayOfYear`: on how many days ahead the day may come round again, by the calendar of UTC: 0 is today alone. A
 *   29 February comes round on the 28th where the year has no 29th.
 *
 * A comparison with a field that has no value is false; `ne` is where `eq` is not. Text is compared as it is, `email`
 * without regard to the capitals of ASCII. A field of addresses is met where any address meets it.
 */
export const Clause = Schema.Struct({
  field: Schema.String.annotate({
    description: "The field, by its name on the wire.",
    examples: ["tier", "address.country", "profile.data.shoeSize"]
  }),
  op: Operator,
  value: Schema.Union([Scalar, Schema.Array(Scalar)])
}).annotate({ identifier: "SegmentRuleClause", description: "One condition on one field." })
export type Clause = typeof Clause.Type

export interface All {
  readonly all: ReadonlyArray<Rule>
}

export interface Any {
  readonly any: ReadonlyArray<Rule>
}

export interface Not {
  readonly not: Rule
}

/** A rule: every one of several, at least one of several, the contrary of one, or a condition on a field. */
export type Rule = All | Any | Not | Clause

const suspended = Schema.suspend((): Schema.Codec<Rule> => Rule)

/** The JSON form of a rule. What its shape cannot show is checked by `readRule`. */
export const Rule: Schema.Codec<Rule> = Schema.Union([
  Schema.Struct({ all: Schema.Array(suspended) }),
  Schema.Struct({ any: Schema.Array(suspended) }),
  Schema.Struct({ not: suspended }),
  Clause
]).annotate({
  identifier: "SegmentRule",
  description: "Who belongs to a segment: conditions on fields, tied together by all, any and not."
})

export const isAll = (rule: Rule): rule is All => "all" in rule
export const isAny = (rule: Rule): rule is Any => "any" in rule
export const isNot = (rule: Rule): rule is Not => "not" in rule

/** Everybody whose account is open. */
export const everyone: Rule = { all: [] }

/** Nobody: the rule of segments that are filled by hand, and of those that are switched off. */
export const noOne: Rule = { any: [] }

/** The rules that a rule is directly made of. */
export const partsOf = (rule: Rule): ReadonlyArray<Rule> => {
  if (isAll(rule)) return rule.all
  if (isAny(rule)) return rule.any
  return isNot(rule) ? [rule.not] : []
}

/** Every clause of a rule, from left to right. */
export const clausesOf = (rule: Rule): ReadonlyArray<Clause> =>
  "field" in rule ? [rule] : partsOf(rule).flatMap(clausesOf)

/** Whether a clause holds exactly where no value of its field meets the same condition: `ne`, `notWithinLast`, missing. */
export const isContrary = ({ op, value }: Clause): boolean =>
  op === "ne" || op === "notWithinLast" || (op === "exists" && value === false)
