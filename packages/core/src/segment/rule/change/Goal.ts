import type { Facts } from "../Facts.ts"
import { compileRule, type Test } from "../matches.ts"
import { type Clause, isAll, isAny, isNot, type Rule, type Scalar } from "../Rule.ts"
import { segmentIn } from "../ruleFields.ts"

/** What a search may still spend, in tests of clauses: it ends soon, whatever the rule. */
export interface Effort {
  left: number
}

/** Whose data may change, at which moment (milliseconds since the epoch), and how many addresses she may have. */
export interface Scene {
  readonly facts: Facts
  readonly at: number
  readonly mostAddresses: number
  readonly effort: Effort
}

// A change of facts takes as long as so many tests.
const testsToChange = 10

/** Counts a change that is tried; false where nothing may be spent any more. */
export const mayTry = (effort: Effort): boolean => {
  effort.left -= testsToChange
  return effort.left > 0
}

/** A clause that is to have a verdict. */
export interface Ask {
  readonly kind: "ask"
  readonly clause: Clause
  readonly wanted: boolean
  readonly test: Test
  readonly effort: Effort
}

/** At least one of several goals. */
export interface Choice {
  readonly kind: "some"
  readonly parts: ReadonlyArray<Goal>
}

/** What has to be so for a rule to have a verdict: without `not`, which asks for the contrary of its clauses. */
export type Goal = Ask | Choice | { readonly kind: "every"; readonly parts: ReadonlyArray<Goal> }

/** What has to be so for a rule to be met, or for it not to be; its tests are counted. */
export const goalOf = (rule: Rule, wanted: boolean, effort: Effort): Goal => {
  const partsFor = (parts: ReadonlyArray<Rule>) => parts.map((part) => goalOf(part, wanted, effort))
  if (isNot(rule)) return goalOf(rule.not, !wanted, effort)
  if (isAll(rule)) return { kind: wanted ? "every" : "some", parts: partsFor(rule.all) }
  if (isAny(rule)) return { kind: wanted ? "some" : "every", parts: partsFor(rule.any) }
  return { kind: "ask", clause: rule, wanted, test: compileRule(rule), effort }
}

/** Whether a goal is reached with these facts at a moment (milliseconds since the epoch). */
export const isReached = (goal: Goal, facts: Facts, at: number): boolean => {
  if (goal.kind === "ask") {
    goal.effort.left -= 1
    return goal.test(facts, at) === goal.wanted
  }
  return goal.kind === "every"
    ? goal.parts.every((part) => isReached(part, facts, at))
    : goal.parts.some((part) => isReached(part, facts, at))
}

const ordered: ReadonlySet<string> = new Set(["orders.count", "orders.total", "orders.average", "lastOrder"])

/** What fields depend on one another: those of orders, and those of addresses. Others stand for themselves. */
export const variableOf = (field: string): string => {
  if (ordered.has(field)) return "orders"
  return field.startsWith("address.") ? "addresses" : field
}

/** What is asked of one field. */
export const asksOf = (asks: ReadonlyArray<Ask>, field: string): ReadonlyArray<Ask> =>
  asks.filter(({ clause }) => clause.field === field)

/** The operands of what is asked, leaving out those that are numbers of days. */
export const operandsOf = (asks: ReadonlyArray<Ask>): ReadonlyArray<Scalar> =>
  asks.flatMap(({ clause: { op, value } }) =>
    op === "withinLast" || op === "notWithinLast" || op === "dayOfYear" || op === "exists" ? [] : [value].flat()
  )

/** The numbers of days that are asked for by an operator. */
export const daysOf = (asks: ReadonlyArray<Ask>, of: "calendar" | "passing"): ReadonlyArray<number> =>
  asks.flatMap(({ clause: { op, value } }) => {
    const isOf = of === "calendar" ? op === "dayOfYear" : op === "withinLast" || op === "notWithinLast"
    return isOf && typeof value === "number" ? [value] : []
  })

/** Whether a field's value comes from elsewhere than from her own data. */
export const isMembership = (field: string): boolean => segmentIn(field) !== undefined
