import { IdempotencyKeys } from "@customer-service/adapters-postgres"
import { Effect, Layer, Schedule } from "effect"
import { SqlClient } from "effect/sql"

/** Forgets idempotency keys whose day is over, once an hour. */
export const layer: Layer.Layer<never, never, SqlClient.SqlClient> = Layer.effectDiscard(
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* IdempotencyKeys.sweep(sql).pipe(
      Effect.ignore,
      Effect.delay("1 minute"),
      Effect.repeat(Schedule.spaced("1 hour")),
      Effect.forkScoped
    )
  })
)
