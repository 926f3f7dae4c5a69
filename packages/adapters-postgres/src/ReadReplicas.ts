import { Clock, Context, Effect, Layer } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { isUnavailable } from "./storageErrors.ts"

/**
 * Where lists, searches and analytics are read: the replicas in turn, or the primary where there is none or the
 * one whose turn it is does not answer. What is read may lag behind the primary.
 */
export class ReadReplicas extends Context.Service<
  ReadReplicas,
  {
    readonly read: <A, E, R>(
      query: (sql: SqlClient.SqlClient) => Effect.Effect<A, E | SqlError.SqlError, R>
    ) => Effect.Effect<A, E | SqlError.SqlError, R>
  }
>()("@customer-service/adapters-postgres/ReadReplicas") {}

interface Replica {
  readonly client: SqlClient.SqlClient
  /** Left alone until then, in milliseconds since 1970. */
  restsUntil: number
}

/** How long a replica may take; it leaves the primary enough of what a caller waits at most. */
const patience = "3 seconds"

const restMillis = 10_000

const silence = new SqlError.SqlError({
  reason: new SqlError.ConnectionError({ cause: undefined, message: "The replica does not answer" })
})

/** Besides one that cannot be reached: a standby gives a query up that stands in the way of what it has to replay. */
const cannotAnswer = (error: unknown): error is SqlError.SqlError =>
  error instanceof SqlError.SqlError && (isUnavailable(error) || error.reason._tag === "SerializationError")

const make = Effect.fnUntraced(function* (clients: ReadonlyArray<SqlClient.SqlClient>) {
  const primary = yield* SqlClient.SqlClient
  const clock = yield* Clock.Clock
  const replicas = clients.map((client): Replica => ({ client, restsUntil: 0 }))
  let turn = 0

  const next = (): Replica | undefined => {
    const now = clock.currentTimeMillisUnsafe()
    const rested = replicas.filter(({ restsUntil }) => restsUntil <= now)
    turn += 1
    return rested[turn % rested.length]
  }

  /** Those who asked at the same time find it resting already, and say nothing. */
  const letRest = Effect.fnUntraced(function* (replica: Replica) {
    const now = clock.currentTimeMillisUnsafe()
    const isFirst = replica.restsUntil <= now
    replica.restsUntil = now + restMillis
    if (isFirst) yield* Effect.logWarning("A read replica does not answer; the primary is read instead")
  })

  return ReadReplicas.of({
    read: (query) =>
      Effect.suspend(() => {
        const replica = next()
        if (replica === undefined) return query(primary)
        return query(replica.client).pipe(
          Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.fail(silence) }),
          Effect.catchIf(cannotAnswer, () => Effect.andThen(letRest(replica), query(primary)))
        )
      })
  })
})

/** Reads from these clients in turn, then from the primary. */
export const layerFrom = (clients: ReadonlyArray<SqlClient.SqlClient>) => Layer.effect(ReadReplicas, make(clients))

/** Reads everything from the primary. */
export const layerPrimary = layerFrom([])
