import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { byIndexAlone } from "../../src/byIndexAlone.ts"

/** A statement and its parameters, each as SQL. */
export type Step = readonly [statement: string, ...parameters: ReadonlyArray<string>]

interface Node {
  readonly "Relation Name"?: string
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly Plans?: ReadonlyArray<Node>
}

const nodesOf = (node: Node): ReadonlyArray<Node> => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const lookedAt = (node: Node): number =>
  node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0))

/** The rows of tables that a prepared statement looks at. */
const rowsLookedAt = Effect.fnUntraced(function* (name: string, parameters: ReadonlyArray<string>) {
  const sql = yield* SqlClient.SqlClient
  const given = parameters.length === 0 ? "" : `(${parameters.join(", ")})`
  const [row] = yield* sql.unsafe<{ "QUERY PLAN": ReadonlyArray<{ Plan: Node }> }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE ${name}${given}`
  ).unprepared
  const nodes = (row?.["QUERY PLAN"] ?? []).flatMap(({ Plan }) => nodesOf(Plan))
  return nodes.filter((node) => node["Relation Name"] !== undefined).reduce((sum, node) => sum + lookedAt(node), 0)
})

/** Runs statements one after the other. */
export const runAll = (statements: ReadonlyArray<string>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  )

/**
 * Prepares the steps and plans them for good, by index alone; then fills what they are planned for and does them again.
 * Answers how many rows each looks at then. In a transaction.
 */
export const planThenFill = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>, rows: ReadonlyArray<string>) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`SET LOCAL plan_cache_mode = force_generic_plan`.unprepared
  yield* sql.unsafe(byIndexAlone)
  for (const [index, [statement]] of steps.entries()) {
    yield* sql.unsafe(`PREPARE step_${index} AS ${statement}`).unprepared
  }
  const explain = Effect.forEach(steps, ([, ...parameters], index) => rowsLookedAt(`step_${index}`, parameters))
  yield* sql`SAVEPOINT before`.unprepared
  yield* explain
  yield* sql`ROLLBACK TO before`.unprepared
  yield* runAll(rows)
  return yield* explain
})
