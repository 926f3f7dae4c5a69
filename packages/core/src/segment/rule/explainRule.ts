import { BigDecimal, DateTime } from "effect"
import { clauseInWords } from "./explainClause.ts"
import { summaryOf } from "./explainSummary.ts"
import { amountOf } from "./explainWords.ts"
import type { Facts } from "./Facts.ts"
import { isOpen, matches } from "./matches.ts"
import type { ClauseExplanation, ExplainedPart, RuleExplanation } from "./RuleExplanation.ts"
import { type Clause, isAll, isAny, isNot, type Rule, type Scalar } from "./Rule.ts"
import { type Field, fieldOf, type FieldValue } from "./ruleFields.ts"
import { printRule } from "./ruleText.ts"
import { type SearchLimits, searchLimits, whatWouldChange } from "./whatWouldChange.ts"

interface Scene {
  readonly facts: Facts
  readonly now: DateTime.Utc
  readonly limits: SearchLimits
}

const shown = (field: Field, value: FieldValue): Scalar => {
  if (BigDecimal.isBigDecimal(value)) return amountOf(value)
  return typeof value === "number" && field.type === "instant" ? DateTime.formatIso(DateTime.makeUnsafe(value)) : value
}

// There may be many clauses, and one alone takes little.
const mostTestsOfClause = 3000

const explainClause = (clause: Clause, { facts, limits, now }: Scene): ClauseExplanation => {
  const field = fieldOf(clause.field)
  const verdict = matches(clause, facts, now)
  const change = whatWouldChange(clause, facts, now, { ...limits, mostTests: mostTestsOfClause })
  return {
    kind: "clause",
    text: printRule(clause),
    field: clause.field,
    op: clause.op,
    required: clause.value,
    actual: field === undefined ? [] : field.read(facts).map((value) => shown(field, value)),
    verdict,
    english: clauseInWords(clause, facts, verdict, now.epochMilliseconds),
    ...(change === undefined ? {} : { change })
  }
}

const explainPart = (rule: Rule, scene: Scene): ExplainedPart => {
  if (isNot(rule)) {
    const part = explainPart(rule.not, scene)
    return { kind: "not", verdict: !part.verdict, parts: [part] }
  }
  if (isAll(rule)) {
    const parts = rule.all.map((part) => explainPart(part, scene))
    return { kind: "all", verdict: parts.every(({ verdict }) => verdict), parts }
  }
  if (isAny(rule)) {
    const parts = rule.any.map((part) => explainPart(part, scene))
    return { kind: "any", verdict: parts.some(({ verdict }) => verdict), parts }
  }
  return explainClause(rule, scene)
}

/**
 * Why somebody with these facts meets a rule, or does not: each part with its verdict, each clause with what it asks for,
 * what there is, and what would turn it; the least change that was found for the whole; and all that in a paragraph. The
 * verdicts are those of `matches`; that a closed account belongs to no segment stands in the summary alone.
 */
export const explainRule = (
  rule: Rule,
  facts: Facts,
  now: DateTime.Utc,
  limits: SearchLimits = searchLimits
): RuleExplanation => {
  const tree = explainPart(rule, { facts, now, limits })
  const change = whatWouldChange(rule, facts, now, limits)
  return {
    verdict: tree.verdict,
    summary: summaryOf(tree, change, isOpen(facts)),
    ...(change === undefined ? {} : { change }),
    tree
  }
}
