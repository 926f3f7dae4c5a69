import {
  CustomerAnalytics,
  CustomerNotFound,
  type CustomerId,
  mostMonths,
  type Quantiles
} from "@customer-service/core"
import { DateTime, Effect, Layer, Option, Semaphore } from "effect"
import { SqlClient } from "effect/sql"
import { type AnalyticsRow, countsOf, factsOf, quantilesOf } from "./AnalyticsRow.ts"
import { analyticsFacts, dropQuantiles, hasQuantiles, overviewCounts, takeQuantiles } from "./analyticsStatements.ts"
import { answering } from "./answering.ts"
import { ReadReplicas } from "./ReadReplicas.ts"
import { orUnavailable } from "./storageErrors.ts"

/** The advisory lock of whoever takes quantiles. */
const lock = [8007, 7] as const

const daysBack = (now: DateTime.Utc, days: number): Date => DateTime.toDateUtc(DateTime.subtract(now, { days }))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const replicas = yield* ReadReplicas

  const find = Effect.fnUntraced(function* (id: CustomerId) {
    const now = yield* DateTime.now
    const moments = [daysBack(now, 30), daysBack(now, 90), DateTime.toDateUtc(now)]
    const [row] = yield* sql.unsafe<AnalyticsRow>(analyticsFacts, [id, ...moments])
    return row === undefined ? yield* new CustomerNotFound({ customerId: id }) : factsOf(row)
  })

  // A base of millions takes longer to sort than a statement may last.
  const recompute = Effect.fnUntraced(function* (unlessAfter: DateTime.Utc | undefined) {
    const [free] = yield* sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(${lock[0]}, ${lock[1]}) AS mine`
    if (free?.mine !== true) return Option.none<Quantiles.Quantiles>()
    yield* sql`SELECT set_config('statement_timeout', '0', true)`
    yield* sql.unsafe(dropQuantiles, [unlessAfter === undefined ? null : DateTime.toDateUtc(unlessAfter)])
    const [young] = yield* sql.unsafe(hasQuantiles)
    if (young !== undefined) return Option.none<Quantiles.Quantiles>()
    const now = DateTime.toDateUtc(yield* DateTime.now)
    const [taken] = yield* sql.unsafe<{ quantiles: unknown }>(takeQuantiles, [now]).unprepared
    return taken === undefined ? Option.none<Quantiles.Quantiles>() : Option.some(quantilesOf(taken.quantiles))
  })

  return CustomerAnalytics.CustomerAnalytics.of({
    find: (id) => answering(find(id)),
    recompute: (unlessAfter) => orUnavailable(sql.withTransaction(recompute(unlessAfter))),
    // Those who read single customers must not have to wait for connections on which everybody is counted.
    overview: Semaphore.makeUnsafe(1).withPermits(1)(
      orUnavailable(
        Effect.map(
          replicas.read((client) => client.unsafe(overviewCounts, [mostMonths]).unprepared),
          ([row]) => countsOf(row)
        )
      )
    )
  })
})

/** Analytics of what stands in PostgreSQL, or in PGlite behind the same client; overviews are read from the replicas. */
export const layer: Layer.Layer<CustomerAnalytics.CustomerAnalytics, never, SqlClient.SqlClient | ReadReplicas> =
  Layer.effect(CustomerAnalytics.CustomerAnalytics, make)
