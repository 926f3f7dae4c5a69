import { type CustomerId, type RuleInForce, type Segment, timedClausesOf, wantedOf } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { nextCustomers } from "./recomputeStatements.ts"
import { compileRuleSql, openAccount, type RuleSql } from "./ruleSql.ts"
import { customersWith, type JoinedTable } from "./ruleSqlColumns.ts"
import { nextFlipSql } from "./ruleSqlFlips.ts"

/** What is asked of each customer; the parameters are those of the rule. */
interface Question {
  readonly belongs: string
  /** When time alone moves her under the rule; absent where it moves nobody. */
  readonly flipsAt?: string
  readonly tables: ReadonlyArray<JoinedTable>
  readonly parameters: RuleSql["parameters"]
}

// The parameters before those of the rule: $1 the segment, $2 now.
const firstOfRule = 3

/** Nobody belongs to a segment that is switched off, whatever was said of her. */
const nobody: Question = { belongs: "FALSE", tables: [], parameters: [] }

/** Asks who belongs, and no more. */
const belongingOf = ({ isActive, rule }: RuleInForce, now: DateTime.Utc): Question => {
  if (!isActive) return nobody
  const { parameters, tables, text } = compileRuleSql(rule, now, { firstParameter: firstOfRule })
  return { belongs: `${openAccount} AND coalesce(e.member, (${text}) IS TRUE)`, tables: [...tables], parameters }
}

/** Asks who belongs, and when that changes. */
const questionOf = (inForce: RuleInForce, now: DateTime.Utc): Question => {
  const fits = belongingOf(inForce, now)
  const { isActive, rule } = inForce
  if (!isActive || timedClausesOf(rule).length === 0) return fits
  const flip = nextFlipSql(rule, now, { firstParameter: firstOfRule + fits.parameters.length })
  return {
    belongs: fits.belongs,
    flipsAt: `CASE WHEN ${openAccount} THEN ${flip.text} END`,
    tables: [...new Set([...fits.tables, ...flip.tables])],
    parameters: [...fits.parameters, ...flip.parameters]
  }
}

/** Says of a column that it is one of the customers to compare. */
type Which = (column: string) => string

const compared = ({ belongs, flipsAt, tables }: Question, which: Which): string => `
SELECT c.id, b.customer_id IS NOT NULL AS is_member, coalesce(e.member, FALSE) AS by_hand, ${belongs} AS belongs
  ${flipsAt === undefined ? "" : `, ${flipsAt} AS flips_at, v.due_at`}
FROM ${customersWith(tables)}
  LEFT JOIN customer_segment_memberships b
    ON b.customer_id = c.id AND b.segment_id = $1::uuid AND ${which("b.customer_id")}
  LEFT JOIN customer_segment_exceptions e
    ON e.customer_id = c.id AND e.segment_id = $1::uuid AND (e.expires_at > $2::timestamptz) IS NOT FALSE
      AND ${which("e.customer_id")}
  ${flipsAt === undefined ? "" : `LEFT JOIN customer_segment_reviews v ON v.customer_id = c.id AND ${which("v.customer_id")}`}
WHERE ${["c.id", ...tables.map((table) => `${table}.customer_id`)].map(which).join(" AND ")}`

/** Marks whom time will move under the new rule for when it does, in the order in which everybody makes marks. */
const mark = `, mark AS (
  INSERT INTO customer_segment_reviews AS mark (customer_id, due_at)
  SELECT id, flips_at FROM compared WHERE flips_at IS NOT NULL AND (due_at <= flips_at) IS NOT TRUE ORDER BY id
  ON CONFLICT (customer_id) DO UPDATE SET due_at = excluded.due_at WHERE mark.due_at > excluded.due_at
)`

/** Puts down who would move. */
const statementOf = (question: Question, which: Which): string => `
WITH compared AS (${compared(question, which)})${question.flipsAt === undefined ? "" : mark}
INSERT INTO segment_recompute_moves (segment_id, customer_id, joins, by_hand)
SELECT $1::uuid, id, belongs, by_hand FROM compared WHERE belongs <> is_member`

const given = ({ id }: Segment, now: DateTime.Utc, { parameters }: Question) => [
  id,
  DateTime.toDateUtc(now),
  ...parameters
]

/**
 * What a crash takes back is compared once more. The planner takes it for chance that rows of several tables are of the
 * same customers, expects next to none, and would go through all of one table for each row of another.
 */
const beginning = `
SELECT set_config('synchronous_commit', 'off', true), set_config('enable_nestloop', 'off', true)`

interface Page {
  readonly count: number
  readonly last: CustomerId | null
}

/**
 * Compares the first `most` customers behind `cursor` with what a segment's memberships are to follow, in a transaction.
 * Answers how many there were, and the last of them.
 */
export const compareCustomers = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  segment: Segment,
  { cursor, most, now }: { readonly cursor: string; readonly most: number; readonly now: DateTime.Utc }
) {
  // Planned anew each time, as all of this is: how tables are read best depends on how much is in them now.
  const [page = { count: 0, last: null }] = yield* sql.unsafe<Page>(nextCustomers, [cursor, most]).unprepared
  if (page.last === null) return page
  const question = questionOf(wantedOf(segment), now)
  const before = given(segment, now, question)
  const [from, to] = [before.length + 1, before.length + 2]
  // Said of every table, so that each is read where these customers are and no further.
  const which: Which = (column) => `${column} > $${from}::uuid AND ${column} <= $${to}::uuid`
  yield* sql.unsafe(beginning)
  yield* sql.unsafe(statementOf(question, which), [...before, cursor, page.last]).unprepared
  return page
})

/**
 * Compares those once more, behind the id `after` and up to `last`, who were reviewed by the old rule since their batch
 * was compared. They are marked for another review after that, and so not for when time moves them.
 */
export const compareTouched = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  segment: Segment,
  { after, last, now }: { readonly after: string; readonly last: CustomerId; readonly now: DateTime.Utc }
) {
  const question = belongingOf(wantedOf(segment), now)
  const before = given(segment, now, question)
  const [from, to] = [before.length + 1, before.length + 2]
  const touched = `ARRAY(SELECT customer_id FROM segment_recompute_touched
    WHERE segment_id = $1::uuid AND customer_id > $${from}::uuid AND customer_id <= $${to}::uuid)`
  yield* sql.unsafe(
    statementOf(question, (column) => `${column} = ANY(${touched})`),
    [...before, after, last]
  ).unprepared
})
