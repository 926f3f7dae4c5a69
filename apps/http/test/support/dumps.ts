import { Redis } from "ioredis"
import { existsSync } from "node:fs"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** Runs a statement on a database, and gives its rows. */
export type Query = (
  statement: string,
  values?: ReadonlyArray<unknown>
) => Promise<ReadonlyArray<Record<string, unknown>>>

/** Everything that a place held, as text, by where it stood. */
export type Dump = ReadonlyArray<{ readonly place: string; readonly text: string }>

const userTables = `
  SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
  WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE' ORDER BY 1`

/** Every row of every table of a database. */
export const dumpDatabase = async (query: Query): Promise<Dump> => {
  const tables = await query(userTables)
  const dumped = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await query(`SELECT to_jsonb(t)::text AS text FROM ${String(name)} t`)
      return rows.map(({ text }) => ({ place: `database ${String(name)}`, text: String(text) }))
    })
  )
  return dumped.flat()
}

const valueOf = async (client: Redis, key: string): Promise<unknown> => {
  const readers: Readonly<Record<string, () => Promise<unknown>>> = {
    string: () => client.get(key),
    list: () => client.lrange(key, 0, -1),
    hash: () => client.hgetall(key),
    set: () => client.smembers(key),
    zset: () => client.zrange(key, "0", "-1", "WITHSCORES")
  }
  return (await readers[await client.type(key)]?.()) ?? null
}

const keysOf = async (client: Redis): Promise<ReadonlyArray<string>> => {
  const keys: Array<string> = []
  for await (const found of client.scanStream({ count: 1000 })) keys.push(...found)
  return keys
}

/** Every key of a database of Redis with its value; of streams the key alone. */
export const dumpRedis = async (url: string): Promise<Dump> => {
  const client = new Redis(url)
  const keys = await keysOf(client)
  const dumped = await Promise.all(
    keys.map(async (key) => ({
      place: `redis ${key}`,
      text: `${key} ${JSON.stringify(await valueOf(client, key))}`
    }))
  )
  await client.quit()
  return dumped
}

/** Every file below a directory, with its name; nothing where there is no such directory. */
export const dumpDirectory = async (directory: string): Promise<Dump> => {
  const entries = existsSync(directory) ? await readdir(directory, { recursive: true, withFileTypes: true }) : []
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (file) => ({ place: `file ${file}`, text: `${file} ${await textOf(file)}` })))
}

/** A file that is taken away while one looks is not there any more. */
const textOf = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "")
