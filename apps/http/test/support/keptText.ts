import { vi } from "vitest"
import type { TestDatabase } from "./database.ts"

/** Every row of every table as text. */
export const keptText = async ({ rows }: TestDatabase): Promise<string> => {
  const tables = await rows(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
  )
  const texts: Array<string> = []
  for (const { name } of tables) {
    const [table] = await rows(`SELECT string_agg(to_jsonb(t)::text, E'\\n') AS text FROM "${String(name)}" t`)
    texts.push(String(table?.["text"] ?? ""))
  }
  return texts.join("\n")
}

/** Resolves when no message waits to go out any more: what has not arrived by then never will. */
export const untilAllSent = ({ rows }: TestDatabase): Promise<unknown> =>
  vi.waitUntil(async () => (await rows("SELECT 1 FROM mail_queue LIMIT 1")).length === 0, { timeout: 15_000 })
