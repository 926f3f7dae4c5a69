import { segmentIn } from "@customer-service/core"
import { type Formula, type Group, isGroup, type Literal } from "./ruleFormula.ts"
import { placeOf, tableOf } from "./ruleSqlColumns.ts"
import { columnCondition, type Writing } from "./ruleSqlConditions.ts"

/** Rows of which a customer may have several, each of whose columns `id` is hers: addresses, or memberships. */
export interface Rows {
  readonly from: string
  readonly id: string
  readonly condition: string
}

/** Conditions as one. */
export const tied = (conditions: ReadonlyArray<string>, word: Group["word"]): string => {
  const [only] = conditions
  if (only === undefined) return word === "AND" ? "TRUE" : "FALSE"
  return conditions.length === 1 ? only : `(${conditions.join(` ${word} `)})`
}

/** That the customer `c` has one of these rows. */
export const hasOf = ({ condition, from, id }: Rows): string =>
  `EXISTS (SELECT FROM ${from} WHERE ${id} = c.id AND ${condition})`

/** The ids of the customers who have one of these rows. */
export const idsOf = ({ condition, from, id }: Rows): string => `SELECT ${id} FROM ${from} WHERE ${condition}`

/** Whether a formula asks for an address, or where it is not to `hold` for there being none. */
export const isOfAddress = (formula: Formula, holds: boolean): formula is Literal =>
  !isGroup(formula) && formula.holds === holds && tableOf(formula.clause.field) === "a"

/** Whether a formula asks for a membership, or where it is not to `hold` for there being none. */
export const isOfMembership = (formula: Formula, holds: boolean): formula is Literal =>
  !isGroup(formula) &&
  placeOf(formula.clause.field)?.kind === "segment" &&
  (formula.holds === (formula.clause.value === true)) === holds

/** The addresses for which one of these clauses is met. */
export const addressRows = (literals: ReadonlyArray<Literal>, writing: Writing): Rows => {
  const conditions = literals.flatMap(({ clause }) => {
    const place = placeOf(clause.field)
    return place?.kind === "column" ? [columnCondition(place.column, clause, writing)] : []
  })
  return { from: "customer_addresses a", id: "a.customer_id", condition: tied(conditions, "OR") }
}

/** The memberships of the segment that a clause asks for. */
export const membershipRows = ({ clause }: Literal, { bind }: Writing): Rows => ({
  from: "customer_segment_memberships b JOIN customer_segments s ON s.id = b.segment_id",
  id: "b.customer_id",
  condition: `s.name = ${bind(segmentIn(clause.field) ?? null, "text")}`
})
