import { PGlite } from "@electric-sql/pglite"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Schema } from "effect"
import { mkdir } from "node:fs/promises"
import type { SqlClient, SqlError } from "effect/sql"
import { pgliteSocket } from "./pgliteSocket.ts"

/** The embedded database could not be opened: its directory cannot be used, or another process has it open. */
export class EmbeddedDatabaseFailed extends Schema.TaggedError<EmbeddedDatabaseFailed>()("EmbeddedDatabaseFailed", {
  directory: Schema.String,
  cause: Schema.Defect()
}) {}

const open = (directory: string | undefined) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        if (directory === undefined) return PGlite.create()
        await mkdir(directory, { recursive: true, mode: 0o700 })
        return PGlite.create(directory)
      },
      catch: (cause) => new EmbeddedDatabaseFailed({ directory: directory ?? "memory", cause })
    }),
    (database) => Effect.promise(() => database.close())
  )

/**
 * PostgreSQL embedded in this process (PGlite), kept in `directory`, or in memory without one. One connection,
 * which the same driver uses as it would use a server's.
 */
export const layer = (
  directory?: string
): Layer.Layer<PgClient.PgClient | SqlClient.SqlClient, SqlError.SqlError | EmbeddedDatabaseFailed> =>
  PgClient.layerFrom(
    Effect.flatMap(open(directory), (database) =>
      PgClient.make({
        stream: () => pgliteSocket(database),
        username: "postgres",
        maxConnections: 1,
        minConnections: 1
      })
    )
  )
