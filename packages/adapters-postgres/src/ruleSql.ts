import { clausesOf, type Rule } from "@customer-service/core"
import type { DateTime } from "effect"
import { type Formula, formulaOf, type Group, isGroup, type Literal } from "./ruleFormula.ts"
import { attributeCondition } from "./ruleSqlAttributes.ts"
import { type JoinedTable, placeOf, tablesOf } from "./ruleSqlColumns.ts"
import { columnCondition, type Writing } from "./ruleSqlConditions.ts"
import { makeParameters, type SqlParameter } from "./ruleSqlParameters.ts"
import { addressRows, hasOf, isOfAddress, membershipRows, tied } from "./ruleSqlRows.ts"

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

const existence = (condition: string, holds: boolean): string => (holds ? condition : `NOT ${condition}`)

const comparison = (condition: string, holds: boolean): string => (holds ? condition : `(${condition}) IS NOT TRUE`)

const literalCondition = (literal: Literal, writing: Writing): string => {
  const { clause, holds } = literal
  const place = placeOf(clause.field)
  switch (place?.kind) {
    case "attribute":
      return comparison(attributeCondition(place.attribute, clause, writing.bind), holds)
    case "column":
      return place.column.table === "a"
        ? existence(hasOf(addressRows([literal], writing)), holds)
        : comparison(columnCondition(place.column, clause, writing), holds)
    case "segment":
      return existence(hasOf(membershipRows(literal, writing)), holds === (clause.value === true))
    case undefined:
      return "FALSE"
  }
}

/** An address of one of several kinds, or none of any of them, is looked for once. */
const addressConditions = ({ parts, word }: Group, writing: Writing): ReadonlyArray<string> => {
  const holds = word === "OR"
  const literals = parts.filter((part) => isOfAddress(part, holds))
  return literals.length === 0 ? [] : [existence(hasOf(addressRows(literals, writing)), holds)]
}

/** A formula as a condition. A clause is NULL only where it is false, and its contrary never: so the whole is right. */
export const formulaCondition = (formula: Formula, writing: Writing): string => {
  if (!isGroup(formula)) return literalCondition(formula, writing)
  const { parts, word } = formula
  const others = parts.filter((part) => !isOfAddress(part, word === "OR"))
  const conditions = others.map((part) => formulaCondition(part, writing))
  return tied([...conditions, ...addressConditions(formula, writing)], word)
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
