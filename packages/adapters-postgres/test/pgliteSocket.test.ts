import { PGlite } from "@electric-sql/pglite"
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it, layer } from "@effect/vitest"
import { Array, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { once } from "node:events"
import { afterAll, beforeAll } from "vitest"
import { pgliteSocket } from "../src/pgliteSocket.ts"
import { answersOf, cancelRequest, query, sslRequest, startup, terminate } from "./support/wire.ts"

let database: PGlite

beforeAll(async () => {
  database = await PGlite.create()
  await database.exec("CREATE TABLE numbers (n int)")
})

afterAll(() => database.close())

describe("a connection to PGlite", () => {
  const connected = async () => {
    const socket = pgliteSocket(database)
    const answers = answersOf(socket)
    socket.write(startup)
    assert.match(await answers.next(), /^RK*ZI$/)
    return { socket, answers }
  }

  it("takes messages in pieces", async () => {
    const socket = pgliteSocket(database)
    const answers = answersOf(socket)
    for (const byte of Buffer.concat([startup, query("SELECT 1")])) socket.write(Buffer.from([byte]))
    assert.match(await answers.next(), /^RK*ZI$/)
    assert.strictEqual(await answers.next(), "TDCZI")
    socket.destroy()
  })

  it("takes several messages at once, and answers in their order", async () => {
    const { answers, socket } = await connected()
    socket.write(Buffer.concat([query("SELECT 1"), query("nonsense"), query("SELECT 1, 2 WHERE false")]))
    assert.strictEqual(await answers.next(), "TDCZI")
    assert.strictEqual(await answers.next(), "EZI")
    assert.strictEqual(await answers.next(), "TCZI")
    socket.destroy()
  })

  it("declines TLS, and goes on without", async () => {
    const socket = pgliteSocket(database)
    const answers = answersOf(socket)
    socket.write(sslRequest)
    assert.strictEqual(await answers.tls(), "N")
    socket.write(startup)
    assert.match(await answers.next(), /^RK*ZI$/)
    socket.destroy()
  })

  it("closes at a cancellation, and when the client says goodbye", async () => {
    const canceller = pgliteSocket(database)
    canceller.write(cancelRequest)
    await once(canceller, "close")

    const { answers, socket } = await connected()
    socket.write(Buffer.concat([query("SELECT 1"), terminate]))
    assert.strictEqual(await answers.next(), "TDCZI")
    await once(socket, "close")
    await connected().then((next) => next.socket.destroy())
  })

  it("leaves nothing of its session to the next", async () => {
    const first = await connected()
    first.socket.write(query("PREPARE leftover AS SELECT 1"))
    assert.strictEqual(await first.answers.next(), "CZI")
    first.socket.write(query("BEGIN; INSERT INTO numbers VALUES (1)"))
    assert.strictEqual(await first.answers.next(), "CCZT")
    first.socket.destroy()

    const second = await connected()
    second.socket.write(query("EXECUTE leftover"))
    assert.strictEqual(await second.answers.next(), "EZI")
    second.socket.write(query("SELECT n FROM numbers"))
    assert.strictEqual(await second.answers.next(), "TCZI")
    second.socket.destroy()
  })

  it("drops what it was still to run once it is closed", async () => {
    const { socket } = await connected()
    for (const n of Array.range(1, 50)) socket.write(query(`INSERT INTO numbers VALUES (${n})`))
    socket.destroy()
    const { rows } = await database.query("SELECT 1 FROM numbers")
    assert.isBelow(rows.length, 50)
  })
})

const client = PgClient.layer({ stream: () => pgliteSocket(database), username: "postgres", maxConnections: 1 })

layer(client, { excludeTestServices: true })("the client of PGlite", (it) => {
  const long = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT count(*) FROM generate_series(1, 500000)`)
  const short = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1 AS one`)

  it.effect("goes on at once after a long statement was interrupted, in a transaction or not", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (const work of [long, sql.withTransaction(Effect.andThen(short, long))]) {
        const fiber = yield* Effect.forkChild(work, { startImmediately: true })
        yield* Effect.yieldNow
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual(yield* short, [{ one: 1 }])
      }
    }).pipe(Effect.timeout("4 seconds"))
  )

  it.effect("goes on after an error, in a transaction or not", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (const work of [sql`SELECT 1 / 0`, sql.withTransaction(sql`SELECT 1 / 0`), sql`nonsense`]) {
        assert.strictEqual((yield* Effect.flip(work))._tag, "SqlError")
        assert.deepStrictEqual(yield* short, [{ one: 1 }])
      }
    })
  )
})
