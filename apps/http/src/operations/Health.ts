import { Migrations } from "@customer-service/adapters-postgres"
import { RedisConnection } from "@customer-service/adapters-redis"
import { Context, Effect, Layer, Option, Schedule } from "effect"
import { SqlClient } from "effect/sql"
import { answers, Neighbours } from "./neighbours.ts"

/** How a dependency is: it works, it is missing but the service does without it, or nothing goes without it. */
export type DependencyState = "up" | "degraded" | "down"

/** Whether the service can serve, and how each of its dependencies is. */
export interface Readiness {
  readonly ready: boolean
  readonly dependencies: Readonly<Record<string, DependencyState>>
  readonly pendingMigrations?: number
}

const patience = "1 second"

/** Answers whether the service can serve. The database decides; without the others it works on, only with less. */
export class Health extends Context.Service<Health, { readonly readiness: Effect.Effect<Readiness> }>()(
  "@customer-service/http/Health"
) {}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const redis = yield* Effect.serviceOption(RedisConnection.RedisConnection)
  const neighbours = yield* Neighbours

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

  const neighbourStates = Effect.map(
    Effect.forEach(
      neighbours,
      (neighbour) =>
        Effect.map(answers(neighbour), (isThere) => [neighbour.name, isThere ? "up" : "degraded"] as const),
      { concurrency: "unbounded" }
    ),
    (states): Readiness["dependencies"] => Object.fromEntries(states)
  )

  const readiness = Effect.map(
    Effect.all([pending, redisState, neighbourStates], { concurrency: "unbounded" }),
    ([migrations, cache, others]): Readiness => {
      if (Option.isNone(migrations)) return { ready: false, dependencies: { database: "down", ...cache, ...others } }
      const pendingMigrations = migrations.value
      return {
        ready: pendingMigrations === 0,
        dependencies: { database: "up", ...cache, ...others },
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

/** Asks the database, and Redis, the sidecar and other services where they are used. */
export const layer: Layer.Layer<Health, never, Neighbours | SqlClient.SqlClient> = Layer.effect(Health, make)
