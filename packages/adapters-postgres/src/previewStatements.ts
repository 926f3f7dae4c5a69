import { type Branch, joinedBy } from "./previewBranches.ts"
import { contraryOf, fieldsOf, type Formula } from "./ruleFormula.ts"
import { formulaCondition, openAccount } from "./ruleSql.ts"
import { customersWith, type JoinedTable, named, tablesOf } from "./ruleSqlColumns.ts"
import type { Writing } from "./ruleSqlConditions.ts"
import { makeParameters, type SqlParameter } from "./ruleSqlParameters.ts"

/** A statement with its parameters. */
export interface Statement {
  readonly text: string
  readonly parameters: ReadonlyArray<SqlParameter>
}

/** A branch, and the tables of which so many rows are as asked that those that are not are passed by instead. */
export interface PlannedBranch extends Branch {
  readonly passedBy: ReadonlySet<JoinedTable>
}

const statement = (now: number, write: (writing: Writing) => string): Statement => {
  const { bind, values } = makeParameters(1)
  return { text: write({ bind, now }), parameters: values }
}

/** The tables of a branch whose rows could be passed by, each with a statement for the rows that are as asked. */
export const choicesOf = (branch: Branch, now: number): ReadonlyArray<readonly [JoinedTable, Statement]> =>
  [...branch.ofTables]
    .filter(([table]) => !joinedBy(branch).has(table))
    .map(([table, formula]) => [
      table,
      statement(now, (writing) => `SELECT FROM ${named(table)} WHERE ${formulaCondition(formula, writing)}`)
    ])

const passingBy = (table: JoinedTable, formula: Formula, writing: Writing): string =>
  `NOT EXISTS (SELECT FROM ${named(table)}
    WHERE ${table}.customer_id = c.id AND ${formulaCondition(contraryOf(formula), writing)})`

const select = (what: string, branch: PlannedBranch, writing: Writing): string => {
  const { ofTables, others, passedBy } = branch
  const joined = [...ofTables.keys()].filter((table) => !passedBy.has(table))
  const conditions = [...ofTables].map(([table, formula]) =>
    passedBy.has(table) ? passingBy(table, formula, writing) : formulaCondition(formula, writing)
  )
  const rest = formulaCondition({ word: "AND", parts: others }, writing)
  return `SELECT ${what} FROM ${customersWith([...joined, ...joinedBy(branch)])}
  WHERE ${[openAccount, ...conditions, rest].join(" AND ")}`
}

/** Everybody of a branch. */
export const selectAll = (branch: PlannedBranch, now: number): Statement =>
  statement(now, (writing) => select("c.id", branch, writing))

/** Counts everybody of these branches, and names the first `most` of them: all are put down on the way. */
export const findAll = (branches: ReadonlyArray<PlannedBranch>, most: number, now: number): Statement =>
  statement(
    now,
    (writing) => `
WITH found AS MATERIALIZED (${branches.map((branch) => select("c.id", branch, writing)).join(" UNION ")})
SELECT count(*)::int AS count, ARRAY(SELECT id FROM found ORDER BY id LIMIT ${writing.bind(`${most}`, "int")}) AS sample
FROM found`
  )

/** Counts everybody of a branch, but for those of another one that is part of it. */
export const countAll = (branch: PlannedBranch, but: PlannedBranch | undefined, now: number): Statement =>
  statement(now, (writing) => {
    const counted = (which: PlannedBranch) => `(${select("count(*)::int", which, writing)})`
    return `SELECT ${counted(branch)}${but === undefined ? "" : ` - ${counted(but)}`} AS count`
  })

/** Names up to `most` of whom a formula fits, of so many percent of the customers, who are drawn by pages of the table. */
export const findSome = (formula: Formula, percent: number, most: number, now: number): Statement =>
  statement(now, (writing) => {
    const sampling = ` TABLESAMPLE SYSTEM (${writing.bind(`${percent}`, "real")}) REPEATABLE (0)`
    const customers = customersWith(tablesOf(fieldsOf(formula)), sampling)
    return `
SELECT id FROM (
  SELECT c.id FROM ${customers} WHERE ${openAccount} AND ${formulaCondition(formula, writing)}
  ORDER BY md5(c.id::text) LIMIT ${writing.bind(`${most}`, "int")}
) drawn ORDER BY id`
  })
