import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdir } from "node:fs/promises"
import { connect } from "node:net"

import { Client } from "pg"
import { describe, expect, onTestFinished, test } from "vitest"

import { startPostgres, startRedis, startServers } from "../src/index.ts"
import { testInDirectory } from "./temporaryDirectory.ts"

const talk = (url: string, message: string | Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => socket.write(message))
    socket.once("error", reject)
    socket.once("data", (reply) => {
      socket.destroy()
      resolve(reply.toString("latin1"))
    })
  })

const command = (url: string, line: string): Promise<string> => talk(url, `${line}\r\n`)

/** Asks for TLS, which PostgreSQL answers with one letter before anybody logs in: "N" for no. */
const postgresAnswer = (url: string): Promise<string> => talk(url, Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47))

describe("a private Redis", () => {
  test("comes back on the same port with the same data", async () => {
    const redis = await startRedis()
    onTestFinished(redis.destroy)
    await command(redis.url, "SET name value")
    await redis.stop()
    await expect(command(redis.url, "PING")).rejects.toThrow("ECONNREFUSED")
    await redis.start()
    expect(await command(redis.url, "GET name")).toBe("$5\r\nvalue\r\n")
  })

  test("keeps what it answered to when it is killed, where it appends to a file", async () => {
    const redis = await startRedis({ appendFsync: "always" })
    onTestFinished(redis.destroy)
    await command(redis.url, "SET name value")
    await redis.kill()
    await expect(command(redis.url, "PING")).rejects.toThrow("ECONNREFUSED")
    await redis.start()
    expect(await command(redis.url, "GET name")).toBe("$5\r\nvalue\r\n")
  })

  test("loses what it had not written when it is killed", async () => {
    const redis = await startRedis()
    onTestFinished(redis.destroy)
    await command(redis.url, "SET name value")
    await redis.kill()
    await redis.start()
    expect(await command(redis.url, "GET name")).toBe("$-1\r\n")
  })

  test("answers only once it is resumed", async () => {
    const redis = await startRedis()
    onTestFinished(redis.destroy)
    const neighbour = await startRedis()
    onTestFinished(neighbour.destroy)
    const answers: Array<string> = []
    await redis.pause()
    const reply = command(redis.url, "ECHO paused").then((answer) => answers.push(answer))
    for (let round = 0; round < 20; round++) answers.push(await command(neighbour.url, "PING"))
    await redis.resume()
    await reply
    expect(answers.at(-1)).toBe("$6\r\npaused\r\n")
  })

  test("can be destroyed while it is paused, or stopped", async () => {
    const paused = await startRedis()
    const stopped = await startRedis()
    await paused.pause()
    await stopped.stop()
    await Promise.all([paused.destroy(), stopped.destroy()])
    await expect(command(paused.url, "PING")).rejects.toThrow("ECONNREFUSED")
  })
})

const query = async (url: string, statement: string): Promise<ReadonlyArray<unknown>> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(statement).finally(() => client.end())
  return rows
}

describe("a private PostgreSQL", () => {
  test("comes back on the same port", async () => {
    const postgres = await startPostgres()
    onTestFinished(postgres.destroy)
    expect(await postgresAnswer(postgres.url)).toBe("N")
    await postgres.stop()
    await expect(postgresAnswer(postgres.url)).rejects.toThrow("ECONNREFUSED")
    await postgres.start()
    expect(await postgresAnswer(postgres.url)).toBe("N")
  })

  test("keeps what was committed, and drops its clients, when it is killed", async () => {
    const postgres = await startPostgres({ durable: true })
    onTestFinished(postgres.destroy)
    await query(postgres.url, "CREATE TABLE names AS SELECT 'value' AS name")
    const client = new Client({ connectionString: postgres.url })
    const dropped = once(client, "error")
    await client.connect()
    await postgres.kill()
    await dropped
    await expect(postgresAnswer(postgres.url)).rejects.toThrow("ECONNREFUSED")
    await postgres.start()
    expect(await query(postgres.url, "SELECT name FROM names")).toEqual([{ name: "value" }])
  })

  test("can be killed while it is paused, and killed again while it recovers", async () => {
    const postgres = await startPostgres()
    onTestFinished(postgres.destroy)
    await postgres.pause()
    await postgres.kill()
    const recovery = postgres.start().catch(() => {})
    await postgres.kill()
    await recovery
    await postgres.start()
    expect(await query(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }])
  })
})

test("startServers gives both, and says where each came from", async () => {
  const servers = await startServers()
  onTestFinished(servers.stop)
  expect(await postgresAnswer(servers.databaseUrl)).toMatch(/^[NS]$/u)
  expect(servers.origin.postgres).toMatch(/^PostgreSQL .*from /u)
  expect(servers.origin.redis).toMatch(/^Redis .*from /u)
})

testInDirectory.for(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "nothing is left when the parent dies of %s",
  async (signal, { directory }) => {
    const index = new URL("../src/index.ts", import.meta.url).href
    const program = `const { startRedis } = await import("${index}")
      process.stdout.write((await startRedis()).url)
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, TMPDIR: directory },
      stdio: ["ignore", "pipe", "inherit"]
    })
    const [url] = await once(parent.stdout, "data")
    expect(await command(String(url), "PING")).toBe("+PONG\r\n")
    parent.kill(signal)
    await expect.poll(() => command(String(url), "PING").catch(String)).toContain("ECONNREFUSED")
    await expect.poll(() => readdir(directory)).toEqual([])
  }
)
