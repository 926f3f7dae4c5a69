import { type Branch, joinedBy } from "./previewBranches.ts"
import { contraryOf, fieldsOf, type Formula } from "./ruleFormula.ts"
import { formulaCondition, openAccount } from "./ruleSql.ts"
import { customersWith, type JoinedTable, named, tableOf, tablesOf } from "./ruleSqlColumns.ts"
import type { Writing } from "./ruleSqlConditions.ts"
import { makeParameters, type SqlParameter } from "./ruleSqlParameters.ts"
import { addressRows, idsOf, isOfAddress, isOfMembership, membershipRows } from "./ruleSqlRows.ts"

/** A statement with its parameters. */
export interface Statement {
  readonly text: string
  readonly parameters: ReadonlyArray<SqlParameter>
}

/** A branch, and how it is looked for. */
export interface PlannedBranch extends Branch {
  /**
   * Tables that are not joined: those of their rows that are not as asked are passed by, together with the addresses and
   * memberships that are not to be. Undefined where few rows of some table are as asked, with which one then begins.
   */
  readonly passedBy: ReadonlySet<JoinedTable> | undefined
}

const statement = (now: number, write: (writing: Writing) => string): Statement => {
  const { bind, values } = makeParameters(1)
  return { text: write({ bind, now }), parameters: values }
}

/** Something that a branch asks of one table, as a statement for the rows that are so. */
export interface Share {
  /** The table, where it may be passed by. */
  readonly table: JoinedTable | undefined
  readonly rows: Statement
}

/** What a branch asks of which table. */
export const sharesOf = (branch: Branch, now: number): ReadonlyArray<Share> => {
  const joined = joinedBy(branch)
  const rowsOf = (from: string, formula: Formula) =>
    statement(now, (writing) => `SELECT FROM ${from} WHERE ${formulaCondition(formula, writing)}`)
  const ofCustomers = branch.others.filter((part) => fieldsOf(part).every((field) => tableOf(field) === "c"))
  const addresses = branch.others.filter((part) => isOfAddress(part, true))
  return [
    ...[...branch.ofTables].map(([table, formula]) => ({
      table: joined.has(table) ? undefined : table,
      rows: rowsOf(named(table), formula)
    })),
    { table: undefined, rows: rowsOf("customers c", { word: "AND", parts: ofCustomers }) },
    ...addresses.map((part) => ({
      table: undefined,
      rows: statement(now, (writing) => idsOf(addressRows([part], writing)))
    }))
  ]
}

const isNotToBe = (formula: Formula): boolean => isOfAddress(formula, false) || isOfMembership(formula, false)

/** The ids of those to pass by. */
const passing = ({ ofTables, others }: Branch, passedBy: ReadonlySet<JoinedTable>, writing: Writing) => {
  const addresses = others.filter((part) => isOfAddress(part, false))
  return [
    ...[...ofTables].flatMap(([table, formula]) => {
      if (!passedBy.has(table)) return []
      return [
        `SELECT ${table}.customer_id FROM ${named(table)} WHERE ${formulaCondition(contraryOf(formula), writing)}`
      ]
    }),
    ...(addresses.length === 0 ? [] : [idsOf(addressRows(addresses, writing))]),
    ...others.flatMap((part) => (isOfMembership(part, false) ? [idsOf(membershipRows(part, writing))] : []))
  ]
}

// All of them together: to look into one set costs less than to look into several.
const withoutThem = (branch: Branch, passedBy: ReadonlySet<JoinedTable>, writing: Writing): ReadonlyArray<string> => {
  const ids = passing(branch, passedBy, writing)
  if (ids.length === 0) return []
  return [`NOT EXISTS (SELECT FROM (${ids.join(" UNION ALL ")}) passed (id) WHERE passed.id = c.id)`]
}

const select = (what: string, branch: PlannedBranch, writing: Writing): string => {
  const { ofTables, others, passedBy } = branch
  const joined = [...ofTables].filter(([table]) => passedBy?.has(table) !== true)
  const inline = passedBy === undefined ? others : others.filter((part) => !isNotToBe(part))
  const conditions = [
    openAccount,
    ...joined.map(([, formula]) => formulaCondition(formula, writing)),
    formulaCondition({ word: "AND", parts: inline }, writing),
    ...(passedBy === undefined ? [] : withoutThem(branch, passedBy, writing))
  ]
  const tables = [...joined.map(([table]) => table), ...joinedBy(branch)]
  return `SELECT ${what} FROM ${customersWith(tables)} WHERE ${conditions.join(" AND ")}`
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
