import { clausesOf, type Rule } from "@customer-service/core"
import type { DateTime } from "effect"
import { type Formula, formulaOf, type Group, isGroup, type Literal } from "./ruleFormula.ts"
import { attributeCondition } from "./ruleSqlAttributes.ts"
import { type JoinedTable, placeOf, tableOf, tablesOf } from "./ruleSqlColumns.ts"
import { columnCondition, type Writing } from "./ruleSqlConditions.ts"
import { makeParameters, type SqlParameter } from "./ruleSqlParameters.ts"

/** A part of a statement about `customers c`. Nothing of a rule's operands, keys and names is in its text. */
export interface RuleSql {
  readonly text: string
  readonly parameters: ReadonlyArray<SqlParameter>
  /** The tables it needs beside `c`: see `customersWith`. */
  readonly tables: ReadonlySet<JoinedTable>
}

export interface RuleSqlOptions {
  /** The number of its first parameter. Default: 1. */
  readonly firstParameter?: number
}

/** That her account is open: a closed one belongs to no segment, whatever the rule. */
export const openAccount = "c.erased_at IS NULL AND c.status <> 'inactive'"

const someAddress = (conditions: ReadonlyArray<string>): string =>
  `EXISTS (SELECT FROM customer_addresses a WHERE a.customer_id = c.id AND ${together(conditions, "OR")})`

const membership = (name: string): string =>
  `EXISTS (SELECT FROM customer_segment_memberships b JOIN customer_segments s ON s.id = b.segment_id
    WHERE b.customer_id = c.id AND s.name = ${name})`

const existence = (condition: string, holds: boolean): string => (holds ? condition : `NOT ${condition}`)

const comparison = (condition: string, holds: boolean): string => (holds ? condition : `(${condition}) IS NOT TRUE`)

/** What a clause asks of an address, in a group where one address that is so is as good as several. */
const isSomeAddress = (formula: Formula, word: Group["word"]): formula is Literal =>
  !isGroup(formula) && formula.holds === (word === "OR") && tableOf(formula.clause.field) === "a"

const addressCondition = ({ clause }: Literal, writing: Writing): ReadonlyArray<string> => {
  const place = placeOf(clause.field)
  return place?.kind === "column" ? [columnCondition(place.column, clause, writing)] : []
}

const literalCondition = ({ clause, holds }: Literal, writing: Writing): string => {
  const place = placeOf(clause.field)
  switch (place?.kind) {
    case "attribute":
      return comparison(attributeCondition(place.attribute, clause, writing.bind), holds)
    case "column": {
      const condition = columnCondition(place.column, clause, writing)
      return place.column.table === "a" ? existence(someAddress([condition]), holds) : comparison(condition, holds)
    }
    case "segment":
      return existence(membership(writing.bind(place.name, "text")), holds === (clause.value === true))
    case undefined:
      return "FALSE"
  }
}

const together = (conditions: ReadonlyArray<string>, word: Group["word"]): string => {
  const [only] = conditions
  if (only === undefined) return word === "AND" ? "TRUE" : "FALSE"
  return conditions.length === 1 ? only : `(${conditions.join(` ${word} `)})`
}

/** What one address is asked for, or is not to be: an address of either kind is looked for once, however many there are. */
const addressConditions = ({ parts, word }: Group, writing: Writing): ReadonlyArray<string> => {
  const conditions = parts.flatMap((part) => (isSomeAddress(part, word) ? addressCondition(part, writing) : []))
  return conditions.length === 0 ? [] : [existence(someAddress(conditions), word === "OR")]
}

/** A formula as a condition. A clause is NULL only where it is false, and its contrary never: so the whole is right. */
export const formulaCondition = (formula: Formula, writing: Writing): string => {
  if (!isGroup(formula)) return literalCondition(formula, writing)
  const { parts, word } = formula
  const others = parts.filter((part) => !isSomeAddress(part, word))
  const conditions = others.map((part) => formulaCondition(part, writing))
  return together([...conditions, ...addressConditions(formula, writing)], word)
}

/**
 * A rule as a condition on `customers c` and the tables it needs, which is true exactly where `matches` is: it may be
 * NULL where that is false.
 */
export const compileRuleSql = (rule: Rule, now: DateTime.Utc, { firstParameter = 1 }: RuleSqlOptions = {}): RuleSql => {
  const { bind, values } = makeParameters(firstParameter)
  const text = formulaCondition(formulaOf(rule), { bind, now: now.epochMilliseconds })
  return { text, parameters: values, tables: tablesOf(clausesOf(rule).map(({ field }) => field)) }
}
