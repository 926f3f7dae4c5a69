import { Result } from "effect"
import { readRule } from "./readRule.ts"
import { type Clause, isAll, isAny, isNot, partsOf, type Rule, type Scalar } from "./Rule.ts"
import { operatorWords } from "./ruleClauses.ts"
import type { Cursor, Mistake } from "./ruleCursor.ts"
import { segmentIn } from "./ruleFields.ts"
import { parseGrammar } from "./ruleGrammar.ts"
import { tokensOf } from "./ruleTokens.ts"

/** How long a rule may be as text, in UTF-16 units. */
export const longestRuleText = 8000

/** What is wrong with a rule's text. `column` counts characters as they are shown; the first is 1. */
export interface RuleTextError {
  readonly column: number
  readonly message: string
}

// What cannot be seen, or cannot be told from a space.
const invisible = /(?! )[\p{C}\p{Z}]/gu

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

const quote = (text: string): string => `"${text.replace(/["\\]/g, String.raw`\$&`).replace(invisible, escaped)}"`

const printScalar = (value: Scalar): string => (typeof value === "string" ? quote(value) : String(value))

const printDays = (days: Scalar): string => `${String(days)} ${days === 1 ? "day" : "days"}`

const printOperand = ({ op, value }: Clause): string => {
  const [first = 0, ...rest] = [value].flat()
  switch (op) {
    case "in":
      return `in (${[first, ...rest].map(printScalar).join(", ")})`
    case "between":
      return `between ${[first, ...rest].map(printScalar).join(" and ")}`
    case "exists":
      return first === true ? "exists" : "missing"
    case "withinLast":
    case "notWithinLast":
      return `${operatorWords[op]} ${printDays(first)}`
    case "dayOfYear":
      return first === 0 ? "dayOfYear today" : `dayOfYear within ${printDays(first)}`
    default:
      return `${operatorWords[op]} ${printScalar(first)}`
  }
}

const printClause = (clause: Clause): string => {
  const isPlain = segmentIn(clause.field) !== undefined && clause.op === "eq" && clause.value === true
  return isPlain ? clause.field : `${clause.field} ${printOperand(clause)}`
}

const isSeveral = (rule: Rule): boolean => !isNot(rule) && partsOf(rule).length > 1

const printPart = (rule: Rule): string => (isSeveral(rule) ? `(${printRule(rule)})` : printRule(rule))

const printGroup = (rules: ReadonlyArray<Rule>, name: string, word: string, empty: string): string => {
  const [first, ...others] = rules
  if (first === undefined) return empty
  return others.length === 0 ? `${name}(${printRule(first)})` : rules.map(printPart).join(` ${word} `)
}

/** The text form of a rule that was read. {@link parseRule} reads it as the same rule. */
export const printRule = (rule: Rule): string => {
  if (isAll(rule)) return printGroup(rule.all, "all", "and", "everybody")
  if (isAny(rule)) return printGroup(rule.any, "any", "or", "nobody")
  return isNot(rule) ? `not ${printPart(rule.not)}` : printClause(rule)
}

/** The part of a rule to which a path of `readRule` leads. */
const partAt = (rule: Rule, [key, ...rest]: ReadonlyArray<string>): Rule => {
  if (key === "not" && isNot(rule)) return partAt(rule.not, rest)
  const [place, ...behind] = rest
  const part = partsOf(rule)[Number(place)]
  return part === undefined ? rule : partAt(part, behind)
}

/** Reads a rule that is written as it should be: its size and depth are left to be looked at. */
const check = (rule: Rule, { starts }: Cursor): Result.Result<Rule, Mistake> =>
  Result.mapError(readRule(rule), ([issue]) => ({
    at: starts.get(partAt(rule, issue?.path.split(".") ?? [])) ?? 0,
    message: `the rule ${issue?.message ?? ""}`
  }))

const graphemes = new Intl.Segmenter("en")

const columnAt = (text: string, at: number): number => [...graphemes.segment(text.slice(0, at))].length + 1

const parse = (text: string): Result.Result<Rule, Mistake> => {
  if (text.length > longestRuleText) {
    return Result.fail({
      at: longestRuleText,
      message: `the rule is too long: a rule has at most ${longestRuleText} characters as text`
    })
  }
  const cursor: Cursor = { tokens: tokensOf(text), place: 0, depth: 0, starts: new Map() }
  return Result.flatMap(parseGrammar(cursor), (rule) => check(rule, cursor))
}

/**
 * Reads the text form of a rule: conditions such as `tier = "vip"` or `lastOrder within 30 days`, tied together by
 * `not`, `and` and `or`, of which `not` binds closest, and by parentheses, which keep what they group apart. Fails with
 * the first mistake, and the column at which it stands.
 */
export const parseRule = (text: string): Result.Result<Rule, RuleTextError> =>
  Result.mapError(parse(text), ({ at, message }) => ({ column: columnAt(text, at), message }))
