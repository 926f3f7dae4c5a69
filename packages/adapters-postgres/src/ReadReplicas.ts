import { Context, Effect, Layer } from "effect"
import { SqlClient, SqlError } from "effect/sql"

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

const isConnectionLost = (error: unknown): boolean =>
  error instanceof SqlError.SqlError && error.reason._tag === "ConnectionError"

/** Reads from these clients in turn, then from the primary. */
export const layerFrom = (clients: ReadonlyArray<SqlClient.SqlClient>) =>
  Layer.effect(
    ReadReplicas,
    Effect.map(SqlClient.SqlClient, (primary) => {
      let turn = 0
      return ReadReplicas.of({
        read: (query) =>
          Effect.suspend(() => {
            turn = (turn + 1) % Math.max(1, clients.length)
            const replica = clients[turn]
            if (replica === undefined) return query(primary)
            return Effect.catchIf(query(replica), isConnectionLost, () =>
              Effect.andThen(
                Effect.logWarning("A read replica does not answer; the primary is read instead"),
                query(primary)
              )
            )
          })
      })
    })
  )

/** Reads everything from the primary. */
export const layerPrimary = layerFrom([])
