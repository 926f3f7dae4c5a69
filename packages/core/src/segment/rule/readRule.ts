import { Result } from "effect"
import type { InputIssue } from "../../customer/CustomerErrors.ts"
import { isPrintable } from "../../value/Text.ts"
import { midnightOf, momentOf } from "./moments.ts"
import { type Clause, Operator, type Rule, type Scalar } from "./Rule.ts"
import { type Field, fieldOf, type FieldType, operatorsOf } from "./ruleFields.ts"

/** How large a rule may be: how deep, how many conditions and groups, how long a list and a text in it. */
export const ruleLimits = { depth: 10, parts: 200, list: 100, text: 255, days: 36_500, number: 1e15 } as const

type Read<A> = Result.Result<A, ReadonlyArray<InputIssue>>

const fail = (path: string, message: string): Read<never> => Result.fail([{ path, message }])

const isObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === "object" && input !== null && !Array.isArray(input)

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length <= ruleLimits.text && isPrintable(value)

const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= ruleLimits.number

interface Operand {
  readonly fits: (value: unknown) => value is Scalar
  readonly wanted: string
}

const operands = {
  text: { fits: isText, wanted: `must be text of at most ${ruleLimits.text} characters on one line` },
  number: { fits: isNumber, wanted: "must be a number between -1e15 and 1e15" },
  boolean: { fits: (value) => typeof value === "boolean", wanted: "must be true or false" },
  instant: {
    fits: (value): value is string => typeof value === "string" && momentOf(value) !== undefined,
    wanted: "must be a moment such as 2024-10-30T10:00:00Z, or a day such as 2024-10-30"
  },
  date: {
    fits: (value): value is string => typeof value === "string" && midnightOf(value) !== undefined,
    wanted: "must be a day such as 2024-10-30"
  },
  attribute: {
    fits: (value): value is Scalar => isText(value) || isNumber(value) || typeof value === "boolean",
    wanted: "must be text, a number, true or false"
  },
  membership: { fits: (value) => typeof value === "boolean", wanted: "must be true or false" }
} satisfies { readonly [Type in FieldType]: Operand } as { readonly [Type in FieldType]: Operand }

const comparisons: ReadonlySet<Operator> = new Set(["lt", "lte", "gt", "gte", "between"])

/** What a field of this type is compared with by this operator. */
const operandOf = (type: FieldType, op: Operator): Operand => {
  if (op === "exists") return operands.boolean
  if (op === "contains" || op === "startsWith") return operands.text
  return type === "attribute" && comparisons.has(op) ? operands.number : operands[type]
}

const readDays = (value: unknown, path: string, from: number, to: number): Read<number> =>
  typeof value === "number" && Number.isInteger(value) && value >= from && value <= to
    ? Result.succeed(value)
    : fail(path, `must be a whole number of days from ${from} to ${to}`)

const readList = (value: unknown, operand: Operand, path: string): Read<ReadonlyArray<Scalar>> => {
  if (!Array.isArray(value) || value.length === 0 || value.length > ruleLimits.list) {
    return fail(path, `must be a list of 1 to ${ruleLimits.list} values`)
  }
  const wrong = value.findIndex((item) => !operand.fits(item))
  return wrong === -1 ? Result.succeed(value.filter(operand.fits)) : fail(`${path}.${wrong}`, operand.wanted)
}

const rangeWanted = "must be a list of two values, the lowest first"

/** Where a value stands among others: moments and days in milliseconds since the epoch. */
const placeOf = (value: Scalar = Number.NaN): number =>
  typeof value === "number" ? value : (momentOf(String(value)) ?? Number.NaN)

const readRange = (value: unknown, operand: Operand, path: string): Read<ReadonlyArray<Scalar>> =>
  Array.isArray(value) && value.length === 2
    ? Result.flatMap(readList(value, operand, path), (range) =>
        placeOf(range[0]) > placeOf(range[1]) ? fail(path, rangeWanted) : Result.succeed(range)
      )
    : fail(path, rangeWanted)

const readValue = ({ type }: Field, op: Operator, value: unknown, path: string): Read<Clause["value"]> => {
  const operand = operandOf(type, op)
  switch (op) {
    case "in":
      return readList(value, operand, path)
    case "between":
      return readRange(value, operand, path)
    case "withinLast":
    case "notWithinLast":
      return readDays(value, path, 1, ruleLimits.days)
    case "dayOfYear":
      return readDays(value, path, 0, 366)
    default:
      return operand.fits(value) ? Result.succeed(value) : fail(path, operand.wanted)
  }
}

const operators: ReadonlySet<unknown> = new Set(Operator.literals)
const isOperator = (op: unknown): op is Operator => operators.has(op)

const below = (path: string, key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`)

const strange = (input: object, known: ReadonlyArray<string>, path: string): Read<never> | undefined => {
  const unknown = Object.keys(input).find((key) => !known.includes(key))
  return unknown === undefined ? undefined : fail(path, `takes ${known.join(", ")} and nothing else`)
}

const readClause = (input: Readonly<Record<string, unknown>>, path: string): Read<Clause> => {
  const excess = strange(input, ["field", "op", "value"], path)
  if (excess !== undefined) return excess
  const field = typeof input.field === "string" ? fieldOf(input.field) : undefined
  if (field === undefined) return fail(below(path, "field"), "is not a field that rules may ask for")
  const { op } = input
  if (!isOperator(op) || !operatorsOf[field.type].has(op)) {
    return fail(
      below(path, "op"),
      `must be one of ${[...operatorsOf[field.type]].join(", ")} for a field of type ${field.type}`
    )
  }
  return Result.map(readValue(field, op, input.value, below(path, "value")), (value) => ({
    field: field.name,
    op,
    value
  }))
}

interface Room {
  parts: number
}

const readParts = (input: unknown, path: string, depth: number, room: Room): Read<ReadonlyArray<Rule>> => {
  if (!Array.isArray(input)) return fail(path, "must be a list of rules")
  const rules: Array<Rule> = []
  for (const [place, part] of input.entries()) {
    const rule = readPart(part, below(path, place), depth, room)
    if (Result.isFailure(rule)) return Result.fail(rule.failure)
    rules.push(rule.success)
  }
  return Result.succeed(rules)
}

const readPart = (input: unknown, path: string, depth: number, room: Room): Read<Rule> => {
  if (!isObject(input)) return fail(path, "must be an object with all, any, not, or field, op and value")
  room.parts -= 1
  if (room.parts < 0) return fail(path, `is too much: a rule has at most ${ruleLimits.parts} conditions and groups`)
  if (depth > ruleLimits.depth) return fail(path, `is too deep: rules may be nested ${ruleLimits.depth} deep`)
  const [key = "field"] = Object.keys(input)
  if (key !== "all" && key !== "any" && key !== "not") return readClause(input, path)
  const excess = strange(input, [key], path)
  if (excess !== undefined) return excess
  if (key === "not") return Result.map(readPart(input.not, below(path, key), depth + 1, room), (not) => ({ not }))
  const parts = readParts(input[key], below(path, key), depth + 1, room)
  return Result.map(parts, (rules) => (key === "all" ? { all: rules } : { any: rules }))
}

/**
 * Reads the JSON form of a rule. Fails with what is wrong and where, in dotted paths below `path`: fields that there are
 * not, operators that a field does not take, operands of another type, and rules over {@link ruleLimits}.
 */
export const readRule = (input: unknown, path = ""): Read<Rule> => readPart(input, path, 1, { parts: ruleLimits.parts })
