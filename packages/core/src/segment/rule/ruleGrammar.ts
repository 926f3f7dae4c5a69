import { Result } from "effect"
import { ruleLimits } from "./readRule.ts"
import type { Rule } from "./Rule.ts"
import { parseClause } from "./ruleClauses.ts"
import {
  beginning,
  current,
  type Cursor,
  expected,
  keywordAt,
  type Parsed,
  skipKeyword,
  skipSymbol,
  step
} from "./ruleCursor.ts"

// Parentheses that group nothing anew are no part of a rule's depth: some are let through.
const deepest = 4 * ruleLimits.depth

/** What a parser reads one level deeper. */
const deeper = <A>(cursor: Cursor, parse: (cursor: Cursor) => Parsed<A>): Parsed<A> => {
  const { at } = current(cursor)
  if (cursor.depth === deepest)
    return Result.fail({ at, message: "the rule is too deep: there are too many ( and not in each other" })
  cursor.depth += 1
  const parsed = parse(cursor)
  cursor.depth -= 1
  return parsed
}

const parseGroup = (cursor: Cursor): Parsed<Rule> =>
  Result.gen(function* () {
    const rule = yield* deeper(cursor, parseExpression)
    return skipSymbol(cursor, ")") ? rule : yield* expected(cursor, "and, or, or )")
  })

const parseSingle = (cursor: Cursor, key: "all" | "any"): Parsed<Rule> =>
  Result.gen(function* () {
    if (!skipSymbol(cursor, "(")) yield* expected(cursor, `( after ${key}`)
    const rule = yield* parseGroup(cursor)
    return key === "all" ? { all: [rule] } : { any: [rule] }
  })

const parseWhole = (cursor: Cursor): Parsed<Rule> => {
  if (skipSymbol(cursor, "(")) return parseGroup(cursor)
  if (skipKeyword(cursor, "everybody")) return Result.succeed({ all: [] })
  if (skipKeyword(cursor, "nobody")) return Result.succeed({ any: [] })
  const keyword = keywordAt(cursor)
  if (keyword !== "all" && keyword !== "any") return parseClause(cursor)
  step(cursor)
  return parseSingle(cursor, keyword)
}

const parseNegation = (cursor: Cursor): Parsed<Rule> => Result.map(deeper(cursor, parsePart), (not): Rule => ({ not }))

const parsePart = (cursor: Cursor): Parsed<Rule> => {
  const { at } = current(cursor)
  const part = skipKeyword(cursor, "not") ? parseNegation(cursor) : parseWhole(cursor)
  return Result.map(part, (rule) => beginning(cursor, at, rule))
}

type ParseRule = (cursor: Cursor) => Parsed<Rule>

const parseSeveral = (cursor: Cursor, word: "and" | "or", parse: ParseRule): Parsed<Rule> =>
  Result.gen(function* () {
    const { at } = current(cursor)
    const first = yield* parse(cursor)
    const rules: Array<Rule> = [first]
    while (skipKeyword(cursor, word)) rules.push(yield* parse(cursor))
    return rules.length === 1 ? first : beginning(cursor, at, word === "and" ? { all: rules } : { any: rules })
  })

const parseConjunction: ParseRule = (cursor) => parseSeveral(cursor, "and", parsePart)

const parseExpression: ParseRule = (cursor) => parseSeveral(cursor, "or", parseConjunction)

/** A whole rule. Its size and depth are not looked at, beyond what the stack can bear. */
export const parseGrammar: ParseRule = (cursor) =>
  Result.gen(function* () {
    const rule = yield* parseExpression(cursor)
    return current(cursor).kind === "end" ? rule : yield* expected(cursor, "and, or, or the end of the rule")
  })
