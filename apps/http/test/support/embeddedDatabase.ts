import { PGlite } from "@electric-sql/pglite"
import { join } from "node:path"
import type { Query } from "./dumps.ts"

/** Looks into the database of an embedded service that is not running. */
export const insideEmbedded = async <A>(directory: string, look: (query: Query) => Promise<A>): Promise<A> => {
  const database = await PGlite.create(join(directory, "database"))
  try {
    return await look(
      async (statement, values = []) => (await database.query<Record<string, unknown>>(statement, [...values])).rows
    )
  } finally {
    await database.close()
  }
}
