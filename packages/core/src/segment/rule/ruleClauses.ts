import { Result } from "effect"
import { nearestField } from "./nearestField.ts"
import { readRule } from "./readRule.ts"
import type { Clause, Operator, Rule, Scalar } from "./Rule.ts"
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
import { fieldOf, membershipField, operatorsOf } from "./ruleFields.ts"
import type { Keyword } from "./ruleTokens.ts"

/** How the operators are written in text. */
export const operatorWords: { readonly [op in Operator]: string } = {
  eq: "=",
  ne: "!=",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
  in: "in",
  contains: "contains",
  startsWith: "startsWith",
  exists: "exists",
  between: "between",
  withinLast: "within",
  notWithinLast: "not within",
  dayOfYear: "dayOfYear"
}

const compared: ReadonlyMap<string, Operator> = new Map(
  (["eq", "ne", "lt", "lte", "gt", "gte"] as const).map((op) => [operatorWords[op], op])
)

const worded: ReadonlyMap<Keyword | undefined, Operator> = new Map<Keyword, Operator>([
  ["in", "in"],
  ["contains", "contains"],
  ["startsWith", "startsWith"],
  ["exists", "exists"],
  ["missing", "exists"],
  ["between", "between"],
  ["within", "withinLast"],
  ["dayOfYear", "dayOfYear"]
])

/** Where the parts of a clause begin, by their paths in it. */
type Places = Map<string, number>

const wordsFor = (field: string): string => {
  const { type } = fieldOf(field) ?? { type: "text" }
  return [...operatorsOf[type]].map((op) => operatorWords[op]).join(", ")
}

/** What is wrong with a part of a clause, with the part as its subject. */
const told = (field: string, path: string, message: string): string => {
  if (path === "op") return `the operator must be one of ${wordsFor(field)}`
  if (path !== "field") return `the value ${message}`
  const meant = nearestField(field)
  return `there is no such field${meant === undefined ? "" : `; did you mean ${meant}?`}`
}

/** Fails with what is wrong with as much of a clause as there is already. */
const check = ({ field, op, value }: Partial<Clause>, places: Places): Parsed<void> => {
  const read = readRule({ field, op, value })
  if (Result.isSuccess(read)) return Result.void
  for (const { path, message } of read.failure) {
    const at = places.get(path)
    if (at !== undefined) {
      return Result.fail({ at, message: told(field ?? "", path, message) })
    }
  }
  return Result.void
}

const parseMembership = (cursor: Cursor): Parsed<string> => {
  if (!skipSymbol(cursor, "(")) return expected(cursor, "( after segment")
  const token = current(cursor)
  if (token.kind !== "text") return expected(cursor, "the name of a segment in double quotes")
  step(cursor)
  return skipSymbol(cursor, ")") ? Result.succeed(membershipField(token.value)) : expected(cursor, ") after the name")
}

const parseField = (cursor: Cursor): Parsed<string> => {
  const token = current(cursor)
  if (token.kind !== "word") return expected(cursor, "a condition")
  if (token.keyword !== undefined && token.keyword !== "segment") return expected(cursor, "a condition")
  step(cursor)
  return token.keyword === "segment" ? parseMembership(cursor) : Result.succeed(token.word)
}

const operatorAt = (cursor: Cursor): Operator | undefined => {
  const token = current(cursor)
  return token.kind === "symbol" ? compared.get(token.symbol) : worded.get(keywordAt(cursor))
}

const parseScalar = (cursor: Cursor, before: string): Parsed<Scalar> => {
  const token = current(cursor)
  if (token.kind === "text" || token.kind === "number") {
    step(cursor)
    return Result.succeed(token.value)
  }
  if (skipKeyword(cursor, "true")) return Result.succeed(true)
  return skipKeyword(cursor, "false") ? Result.succeed(false) : expected(cursor, `a value after ${before}`)
}

const parseList = (cursor: Cursor, places: Places): Parsed<ReadonlyArray<Scalar>> =>
  Result.gen(function* () {
    const items: Array<Scalar> = []
    if (!skipSymbol(cursor, "(")) yield* expected(cursor, "( after in")
    if (skipSymbol(cursor, ")")) return items
    do {
      places.set(`value.${items.length}`, current(cursor).at)
      items.push(yield* parseScalar(cursor, items.length === 0 ? "(" : "the comma"))
    } while (skipSymbol(cursor, ","))
    if (!skipSymbol(cursor, ")")) yield* expected(cursor, ", or )")
    return items
  })

const parseRange = (cursor: Cursor, places: Places): Parsed<ReadonlyArray<Scalar>> =>
  Result.gen(function* () {
    places.set("value.0", current(cursor).at)
    const lowest = yield* parseScalar(cursor, "between")
    if (!skipKeyword(cursor, "and")) yield* expected(cursor, "and with the highest value")
    places.set("value.1", current(cursor).at)
    return [lowest, yield* parseScalar(cursor, "and")]
  })

const parseDays = (cursor: Cursor): Parsed<number> => {
  const token = current(cursor)
  if (token.kind !== "number") return expected(cursor, "a number of days after within")
  step(cursor)
  return skipKeyword(cursor, "day", "days") ? Result.succeed(token.value) : expected(cursor, "days after the number")
}

const parseRound = (cursor: Cursor, places: Places): Parsed<number> => {
  if (skipKeyword(cursor, "today")) return Result.succeed(0)
  if (!skipKeyword(cursor, "within")) return expected(cursor, "today, or within and a number of days")
  places.set("value", current(cursor).at)
  return parseDays(cursor)
}

/** The operand of an operator that was skipped; `places` learns where its parts begin. */
const parseValue = (cursor: Cursor, op: Operator, places: Places): Parsed<Clause["value"]> => {
  places.set("value", current(cursor).at)
  switch (op) {
    case "in":
      return parseList(cursor, places)
    case "between":
      return parseRange(cursor, places)
    case "withinLast":
    case "notWithinLast":
      return parseDays(cursor)
    case "dayOfYear":
      return parseRound(cursor, places)
    default:
      return parseScalar(cursor, operatorWords[op])
  }
}

const parseOperator = (cursor: Cursor, isContrary: boolean): Parsed<Operator> => {
  const op = operatorAt(cursor)
  const isSymbol = current(cursor).kind === "symbol"
  if (op === undefined || (isContrary && isSymbol)) {
    return expected(
      cursor,
      isContrary ? "in, within or another word after not" : "an operator, such as =, in or exists"
    )
  }
  return Result.succeed(op === "withinLast" && isContrary ? "notWithinLast" : op)
}

const isOver = (cursor: Cursor): boolean => operatorAt(cursor) === undefined && keywordAt(cursor) !== "not"

/** A condition on a field. */
export const parseClause = (cursor: Cursor): Parsed<Rule> =>
  Result.gen(function* () {
    const { at } = current(cursor)
    const places: Places = new Map([["field", at]])
    const isMembership = keywordAt(cursor) === "segment"
    const field = yield* parseField(cursor)
    yield* check({ field }, places)
    if (isMembership && isOver(cursor)) return beginning(cursor, at, { field, op: "eq", value: true })

    places.set("op", current(cursor).at)
    const isContrary = skipKeyword(cursor, "not")
    const op = yield* parseOperator(cursor, isContrary)
    yield* check({ field, op }, places)
    const isMissing = keywordAt(cursor) === "missing"
    step(cursor)
    const value = op === "exists" ? !isMissing : yield* parseValue(cursor, op, places)
    yield* check({ field, op, value }, places)
    const clause = beginning(cursor, at, { field, op, value })
    return isContrary && op !== "notWithinLast" ? beginning(cursor, at, { not: clause }) : clause
  })
