import { BigDecimal, type DateTime } from "effect"
import type { Facts } from "./Facts.ts"
import { afterDays, comesRoundWithin, midnightOf, momentOf } from "./moments.ts"
import { type Clause, isAll, isAny, isContrary, isNot, type Rule } from "./Rule.ts"
import { type Field, fieldOf, type FieldValue, folded, isAmount } from "./ruleFields.ts"

/** Whether somebody with these facts meets a rule at a moment (milliseconds since the epoch). */
export type Test = (facts: Facts, now: number) => boolean

type ValueTest = (value: FieldValue, now: number) => boolean

/** An operand in the form in which the field's values are read. */
const operandFor = (field: Field, value: unknown): FieldValue => {
  if (typeof value === "string" && field.type === "instant") return momentOf(value) ?? Number.NaN
  if (typeof value === "string" && field.name === "email") return folded(value)
  if (typeof value === "number" && isAmount(field)) return BigDecimal.fromNumberUnsafe(value)
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value
  return Number.NaN
}

/** Below zero where `one` is the lesser; undefined for values that are not of one kind. */
const compare = (one: FieldValue, other: FieldValue): number | undefined => {
  if (BigDecimal.isBigDecimal(one)) return BigDecimal.isBigDecimal(other) ? BigDecimal.Order(one, other) : undefined
  if (BigDecimal.isBigDecimal(other) || typeof one !== typeof other) return undefined
  return one < other ? -1 : one > other ? 1 : one === other ? 0 : undefined
}

const comparing =
  (operand: FieldValue, holds: (order: number) => boolean): ValueTest =>
  (value) => {
    const order = compare(value, operand)
    return order !== undefined && holds(order)
  }

const millisOf = (value: FieldValue): number =>
  typeof value === "number" ? value : typeof value === "string" ? (midnightOf(value) ?? Number.NaN) : Number.NaN

const daysOf = ({ value }: Clause): number => (typeof value === "number" ? value : Number.NaN)

const textual =
  (operand: FieldValue, holds: (text: string, operand: string) => boolean): ValueTest =>
  (value) =>
    typeof value === "string" && typeof operand === "string" && holds(value, operand)

/** What one value of the field has to be; of `ne`, `notWithinLast` and a missing value, what it must not be. */
const valueTest = (field: Field, clause: Clause): ValueTest => {
  const operands = [clause.value].flat().map((value) => operandFor(field, value))
  const [operand = Number.NaN, highest = Number.NaN] = operands
  const days = daysOf(clause)
  switch (clause.op) {
    case "eq":
    case "ne":
      return comparing(operand, (order) => order === 0)
    case "lt":
      return comparing(operand, (order) => order < 0)
    case "lte":
      return comparing(operand, (order) => order <= 0)
    case "gt":
      return comparing(operand, (order) => order > 0)
    case "gte":
      return comparing(operand, (order) => order >= 0)
    case "in":
      return (value) => operands.some((wanted) => compare(value, wanted) === 0)
    case "between":
      return (value) => (compare(value, operand) ?? -1) >= 0 && (compare(value, highest) ?? 1) <= 0
    case "contains":
      return textual(operand, (text, part) => text.includes(part))
    case "startsWith":
      return textual(operand, (text, start) => text.startsWith(start))
    case "exists":
      return () => true
    case "withinLast":
    case "notWithinLast":
      return (value, now) => now < afterDays(millisOf(value), days)
    case "dayOfYear":
      return (value, now) => typeof value === "string" && comesRoundWithin(value, days, now)
  }
}

const compileClause = (clause: Clause): Test => {
  const field = fieldOf(clause.field)
  // Only rules that were read are compiled: without the field nobody could have said what it asks for.
  if (field === undefined) return () => false
  const test = valueTest(field, clause)
  const contrary = isContrary(clause)
  return (facts, now) => field.read(facts).some((value) => test(value, now)) !== contrary
}

/** A rule as a test that answers fast and often. */
export const compileRule = (rule: Rule): Test => {
  if (isAll(rule)) {
    const tests = rule.all.map(compileRule)
    return (facts, now) => tests.every((test) => test(facts, now))
  }
  if (isAny(rule)) {
    const tests = rule.any.map(compileRule)
    return (facts, now) => tests.some((test) => test(facts, now))
  }
  if (isNot(rule)) {
    const test = compileRule(rule.not)
    return (facts, now) => !test(facts, now)
  }
  return compileClause(rule)
}

/** Whether somebody with these facts meets a rule now. */
export const matches = (rule: Rule, facts: Facts, now: DateTime.Utc): boolean =>
  compileRule(rule)(facts, now.epochMilliseconds)

/** Whether her account is open: a closed one belongs to no segment, whatever the rule. */
export const isOpen = ({ customer }: Pick<Facts, "customer">): boolean => customer.status !== "inactive"
