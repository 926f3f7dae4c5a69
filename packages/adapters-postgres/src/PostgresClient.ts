import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import type { Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient, SqlError } from "effect/sql"
import { layerFrom, type ReadReplicas } from "./ReadReplicas.ts"
import { serverAddress, watchedSocket } from "./watchedSocket.ts"

/** How the service reaches PostgreSQL. */
export interface PostgresOptions {
  readonly url: Redacted.Redacted
  readonly replicaUrls: ReadonlyArray<Redacted.Redacted>
  readonly maxConnections: number
  readonly idleConnections: number
  readonly applicationName: string
}

const statementTimeout = "15s"

/** A server that works answers every statement within its time-out, in milliseconds. */
const longestSilence = 20_000

const connect = (
  url: Redacted.Redacted,
  options: PostgresOptions
): Effect.Effect<PgClient.PgClient, SqlError.SqlError, Scope.Scope | Reactivity.Reactivity> =>
  PgClient.make({
    url,
    stream: () => watchedSocket(serverAddress(Redacted.value(url)), longestSilence),
    applicationName: options.applicationName,
    connectTimeout: "5 seconds",
    maxConnections: options.maxConnections,
    minConnections: Math.min(options.idleConnections, options.maxConnections),
    idleTimeout: "60 seconds",
    multiplex: true,
    startupParameters: {
      timezone: "UTC",
      statement_timeout: statementTimeout,
      // A process that was frozen in the middle must not keep others from the rows that it has locked.
      idle_in_transaction_session_timeout: "10s",
      // Compiling costs seconds where a plan's estimate is wrong; the statements take milliseconds.
      jit: "off"
    }
  })

/** A client of the primary: few connections, each shared by many statements at a time. */
export const layer = (
  options: PostgresOptions
): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, SqlError.SqlError> =>
  PgClient.layerFrom(connect(options.url, options))

/** Clients of the replicas; without any, everything is read from the primary. */
export const layerReplicas = (
  options: PostgresOptions
): Layer.Layer<ReadReplicas, SqlError.SqlError, SqlClient.SqlClient> =>
  Layer.unwrap(
    Effect.map(
      Effect.forEach(options.replicaUrls, (url) => connect(url, options)),
      layerFrom
    )
  ).pipe(Layer.provide(Reactivity.layer))
