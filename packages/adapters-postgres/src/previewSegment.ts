import { type CustomerId, PreviewTooSlow, type Rule, type RuleMatches } from "@customer-service/core"
import { type DateTime, Effect } from "effect"
import { SqlError, type SqlClient } from "effect/sql"
import { type Branch, branchesOf, branchOf, type Split, splitOf } from "./previewBranches.ts"
import {
  countAll,
  findAll,
  findSome,
  type PlannedBranch,
  selectAll,
  sharesOf,
  type Statement
} from "./previewStatements.ts"
import { contraryOf, type Formula, formulaOf, partsBy } from "./ruleFormula.ts"
import type { JoinedTable } from "./ruleSqlColumns.ts"

/** So many ids are put down on the way while they are counted; of more, some are looked for once they are counted. */
const few = 50_000

/** The share of a table's rows under which one begins with these. */
const rare = 0.05

/** Of so many whom a rule fits, those to show are drawn. */
const drawn = 300

// Hash tables of a million customers stay in memory: on disk each of them would take as long again. To have each worker
// sort everybody instead takes several times as long.
const beginning = `
SELECT set_config('statement_timeout', $1, true), set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
  set_config('enable_mergejoin', 'off', true)`

const run = <Row extends object>(sql: SqlClient.SqlClient, { parameters, text }: Statement) =>
  // Planned anew each time: which way is best depends on the rule's operands.
  sql.unsafe<Row>(text, parameters).unprepared

/** How many rows the planner expects of a statement. */
const expected = (sql: SqlClient.SqlClient, { parameters, text }: Statement) =>
  Effect.map(
    run<{ readonly "QUERY PLAN": ReadonlyArray<{ readonly Plan: { readonly "Plan Rows": number } }> }>(sql, {
      text: `EXPLAIN (FORMAT JSON) ${text}`,
      parameters
    }),
    ([row]) => row?.["QUERY PLAN"][0]?.Plan["Plan Rows"] ?? 0
  )

interface Looking {
  readonly sql: SqlClient.SqlClient
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly most: number
  /** How many customers there are, about. */
  readonly customers: number
}

/**
 * To pass by the few who are not as asked takes much less than to join the many who are. Where few are as asked, indexes
 * serve better than either.
 */
const planned = Effect.fnUntraced(function* ({ customers, now, sql }: Looking, branch: Branch) {
  const passedBy = new Set<JoinedTable>()
  for (const { rows, table } of sharesOf(branch, now)) {
    const share = (yield* expected(sql, rows)) / customers
    if (share < rare) return { ...branch, passedBy: undefined }
    if (table !== undefined && share > 0.5) passedBy.add(table)
  }
  return { ...branch, passedBy }
})

const findThem = Effect.fnUntraced(function* ({ most, now, sql }: Looking, branches: ReadonlyArray<PlannedBranch>) {
  const [found] = yield* run<RuleMatches.RulePreview>(sql, findAll(branches, most, now))
  return found ?? { count: 0, sample: [] }
})

// Those of whom one of several holds may be hard to count; of whom none of them holds is easily counted instead.
const countThem = Effect.fnUntraced(function* (looking: Looking, { always, choice }: Split) {
  const all = yield* planned(looking, branchOf(always))
  const none = choice === undefined ? [] : partsBy("AND", contraryOf(choice))
  const but = choice === undefined ? undefined : yield* planned(looking, branchOf([...always, ...none]))
  const [row] = yield* run<{ readonly count: number }>(looking.sql, countAll(all, but, looking.now))
  return row?.count ?? 0
})

const drawThem = ({ most, now, sql }: Looking, formula: Formula, count: number) =>
  Effect.map(
    run<{ readonly id: CustomerId }>(sql, findSome(formula, Math.min(100, (100 * drawn) / count), most, now)),
    (rows) => rows.map(({ id }) => id)
  )

const look = Effect.fnUntraced(function* (looking: Looking, formula: Formula, atOnce: number) {
  const split = splitOf(formula)
  const branches = yield* Effect.forEach(branchesOf(split), (branch) => planned(looking, branch))
  const sizes = yield* Effect.forEach(branches, (branch) => expected(looking.sql, selectAll(branch, looking.now)))
  if (sizes.reduce((sum, size) => sum + size, 0) <= atOnce) return yield* findThem(looking, branches)
  const count = yield* countThem(looking, split)
  const sample = count > atOnce ? yield* drawThem(looking, formula, count) : []
  // Too few of those who were drawn, or fewer customers than were expected.
  return sample.length < Math.min(looking.most, count) ? yield* findThem(looking, branches) : { count, sample }
})

const customersThere: Statement = { text: "SELECT FROM customers", parameters: [] }

const isTimeout = (error: unknown): error is SqlError.SqlError =>
  error instanceof SqlError.SqlError && error.reason._tag === "StatementTimeoutError"

/** What a preview may take. */
export interface PreviewLimits {
  readonly sampleSize: number
  /** In milliseconds. */
  readonly patience: number
  /** Of so many, all are put down on the way, of more some are drawn. Default: 50,000. */
  readonly atOnce?: number
}

/**
 * How many open accounts a rule fits at `now`, and some of them in the order of their ids: the first where there are few,
 * else such as are spread over all. Reads in one transaction, as of one moment. Fails with `PreviewTooSlow` where it takes
 * longer than `patience`.
 */
export const countAndSample = (
  sql: SqlClient.SqlClient,
  rule: Rule,
  now: DateTime.Utc,
  { atOnce = few, patience, sampleSize }: PreviewLimits
): Effect.Effect<RuleMatches.RulePreview, PreviewTooSlow | SqlError.SqlError> => {
  const tooSlow = Effect.fail(new PreviewTooSlow({ seconds: patience / 1000 }))
  const preview = Effect.gen(function* () {
    yield* sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`.unprepared
    yield* sql.unsafe(beginning, [`${Math.max(1, Math.ceil(patience))}`]).unprepared
    const customers = yield* expected(sql, customersThere)
    const looking = { sql, now: now.epochMilliseconds, most: sampleSize, customers }
    return yield* look(looking, formulaOf(rule), atOnce)
  })
  if (patience <= 0) return tooSlow
  return sql.withTransaction(preview).pipe(
    Effect.timeoutOrElse({ duration: patience, orElse: () => tooSlow }),
    Effect.catchIf(isTimeout, () => tooSlow)
  )
}
