import { Migrations } from "@customer-service/adapters-postgres"
import { RedisConnection } from "@customer-service/adapters-redis"
import { Context, Effect, Layer, Option, Schedule } from "effect"
import { SqlClient } from "effect/sql"

/** How a dependency is: it works, it is missing but the service does without it, or nothing goes without it. */
export type DependencyState = "up" | "degraded" | "down"

/** Whether the service can serve, and how each of its dependencies is. */
export interface Readiness {
  readonly ready: boolean
  readonly dependencies: Readonly<Record<string, DependencyState>>
  readonly pendingMigrations?: number
}

const patience = "1 second"

/** Answers whether the service can serve. The database decides; without Redis it works on, only slower. */
export class Health extends Context.Service<Health, { readonly readiness: Effect.Effect<Readiness> }>()(
  "@customer-service/http/Health"
) {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const redis = yield* Effect.serviceOption(RedisConnection.RedisConnection)

  const pending = Migrations.pending.pipe(
    Effect.provideService(SqlClient.SqlClient, sql),
    Effect.timeout(patience),
    Effect.option
  )

  const redisState = Option.match(redis, {
    onNone: () => Effect.succeed({}),
    onSome: ({ run }) =>
      Effect.match(
        run("PING", (client) => client.ping()),
        {
          onSuccess: () => ({ redis: "up" as const }),
          onFailure: () => ({ redis: "degraded" as const })
        }
      )
  })

  const readiness = Effect.map(
    Effect.all([pending, redisState], { concurrency: "unbounded" }),
    ([migrations, cache]): Readiness => {
      if (Option.isNone(migrations)) return { ready: false, dependencies: { database: "down", ...cache } }
      const pendingMigrations = migrations.value
      return {
        ready: pendingMigrations === 0,
        dependencies: { database: "up", ...cache },
        ...(pendingMigrations === 0 ? {} : { pendingMigrations })
      }
    }
  )

  return Health.of({ readiness })
})

/** Waits until the service can serve. */
export const untilReady = Effect.flatMap(Health, ({ readiness }) =>
  readiness.pipe(Effect.repeat({ schedule: Schedule.spaced("100 millis"), until: (state) => state.ready }))
)

/** Asks the database, and Redis where it is used. */
export const layer: Layer.Layer<Health, never, SqlClient.SqlClient> = Layer.effect(Health, make)
