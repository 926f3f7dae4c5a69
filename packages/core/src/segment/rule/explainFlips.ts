import type { Facts } from "./Facts.ts"
import { compileRule } from "./matches.ts"
import { type Clause, clausesOf, type Rule } from "./Rule.ts"
import { printRule } from "./ruleText.ts"

const longestReason = 500
const longestClause = 160

/**
 * Whether what a clause asks for would tell who she is, to whoever reads that it holds: names, contacts, addresses and a
 * shop's own attributes. Such clauses are named by their field alone.
 */
const tellsOfHer = ({ field }: Clause): boolean =>
  field === "email" ||
  field.startsWith("profile.") ||
  field.startsWith("preferences.custom.") ||
  (field.startsWith("address.") && !impersonal.has(field))

const impersonal: ReadonlySet<string> = new Set([
  "address.country",
  "address.type",
  "address.isDefault",
  "address.isVerified",
  "address.createdAt",
  "address.updatedAt"
])

const named = (clause: Clause): string => {
  if (tellsOfHer(clause)) return `the condition on ${clause.field}`
  const text = printRule(clause)
  return text.length > longestClause ? `the condition on ${clause.field}` : text
}

/** Figures that may be told: how many orders, and which tier. */
const actualOf = ({ field }: Clause, { customer: { segment } }: Facts): string => {
  if (field === "orders.count") return ` (${segment.orderCount})`
  return field === "tier" ? ` (${segment.tier})` : ""
}

/**
 * The clauses of a rule whose verdict is another one than before, each in words that tell nothing personal, for the
 * reason of an event: `orders.count >= 5 holds now (5)`. Moments are milliseconds since the epoch.
 */
export const flippedClauses = (
  rule: Rule,
  before: Facts,
  beforeNow: number,
  after: Facts,
  now: number
): ReadonlyArray<string> => {
  const flipped = clausesOf(rule).flatMap((clause) => {
    const test = compileRule(clause)
    const holds = test(after, now)
    if (test(before, beforeNow) === holds) return []
    return [`${named(clause)} ${holds ? "holds now" : "holds no longer"}${actualOf(clause, after)}`]
  })
  return [...new Set(flipped)]
}

/** The clauses of a rule that hold, or do not, in words that tell nothing personal: why it decides as it does. */
export const clausesThat = (holds: boolean, rule: Rule, facts: Facts, now: number): ReadonlyArray<string> => {
  const texts = clausesOf(rule)
    .filter((clause) => compileRule(clause)(facts, now) === holds)
    .map((clause) => `${named(clause)} ${holds ? "holds" : "does not hold"}${actualOf(clause, facts)}`)
  return [...new Set(texts)]
}

const withRest = (clauses: ReadonlyArray<string>, count: number): string => {
  const left = clauses.length - count
  const rest = left === 0 ? [] : [`${left} more ${left === 1 ? "condition" : "conditions"}`]
  return [...clauses.slice(0, count), ...rest].join("; ")
}

/** The reason of an event: the clauses that flipped in one line of at most 500 characters, or that the rule as a whole did. */
export const reasonOf = (clauses: ReadonlyArray<string>): string => {
  if (clauses.length === 0) return "the rule as a whole decides otherwise now"
  const counts = clauses.map((_, index) => clauses.length - index)
  return (
    counts.map((count) => withRest(clauses, count)).find((line) => line.length <= longestReason) ?? withRest(clauses, 0)
  )
}
