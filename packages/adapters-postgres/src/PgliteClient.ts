import { PGlite } from "@electric-sql/pglite"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Schema } from "effect"
import { mkdir } from "node:fs/promises"
import type { SqlClient, SqlError } from "effect/sql"
import { isLockedElsewhere, lockDirectory } from "./directoryLock.ts"
import { pgliteSocket } from "./pgliteSocket.ts"

/** The embedded database could not be opened: its directory cannot be used. */
export class EmbeddedDatabaseFailed extends Schema.TaggedError<EmbeddedDatabaseFailed>()("EmbeddedDatabaseFailed", {
  directory: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `The embedded database in ${this.directory} cannot be opened`
  }
}

/** Another process has the embedded database open; a second one would destroy it. */
export class EmbeddedDatabaseInUse extends Schema.TaggedError<EmbeddedDatabaseInUse>()("EmbeddedDatabaseInUse", {
  directory: Schema.String
}) {
  override get message() {
    return `The embedded database in ${this.directory} is in use by another process, which has to be stopped first`
  }
}

const failed = (directory: string) => (cause: unknown) =>
  isLockedElsewhere(cause) ? new EmbeddedDatabaseInUse({ directory }) : new EmbeddedDatabaseFailed({ directory, cause })

const reserve = (directory: string) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 })
        return lockDirectory(directory)
      },
      catch: failed(directory)
    }),
    (lock) => Effect.sync(() => lock.close())
  )

const create = (directory: string | undefined) =>
  Effect.acquireRelease(
    Effect.tryPromise({ try: () => PGlite.create(directory), catch: failed(directory ?? "memory") }),
    (database) => Effect.promise(() => database.close())
  )

const open = (directory: string | undefined) =>
  directory === undefined ? create(undefined) : Effect.andThen(reserve(directory), create(directory))

/**
 * PostgreSQL embedded in this process (PGlite), kept in `directory`, or in memory without one. One connection,
 * which the same driver uses as it would use a server's.
 */
export const layer = (
  directory?: string
): Layer.Layer<
  PgClient.PgClient | SqlClient.SqlClient,
  SqlError.SqlError | EmbeddedDatabaseFailed | EmbeddedDatabaseInUse
> =>
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
