import { SqlError } from "effect/sql"

/**
 * An unexpected error for the log: its kind, message and stack. Of a database's error only the kind is told, since
 * its text repeats values of the row it is about.
 */
export const describe = (error: unknown): Readonly<Record<string, unknown>> => {
  if (error instanceof SqlError.SqlError) return { kind: "SqlError", reason: error.reason._tag }
  if (error instanceof Error)
    return { kind: error.name, message: error.message, stack: error.stack?.split("\n").slice(1, 12) }
  return { kind: typeof error }
}
