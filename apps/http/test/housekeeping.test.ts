import { randomUUID } from "node:crypto"
import { Client } from "pg"
import { afterAll, expect, onTestFinished, test, vi } from "vitest"
import { createCustomer, type Known } from "./support/customers.ts"
import { freshDatabase } from "./support/database.ts"
import { freshRedis } from "./support/redisDatabase.ts"
import { type Service, startService } from "./support/service.ts"

const database = await freshDatabase()
const redisUrl = await freshRedis()
afterAll(database.drop)

const start = async (variables: Readonly<Record<string, string>> = {}): Promise<Service> => {
  const service = await startService({ DATABASE_URL: database.url, REDIS_URL: redisUrl, ...variables })
  onTestFinished(service.stop)
  return service
}

const addToken = async ({ email, id }: Known, expiry: string): Promise<string> => {
  const digest = randomUUID()
  await database.rows(
    `INSERT INTO verification_tokens (digest, purpose, customer_id, target, issued_at, expires_at)
     VALUES ($1, 'email_verification', $2, $3, now() - interval '2 days', now() + $4::interval)`,
    [digest, id, email, expiry]
  )
  return digest
}

const addAnswer = async ({ id }: Known, expiry: string): Promise<string> => {
  const key = randomUUID()
  await database.rows(
    `INSERT INTO idempotency_keys (key, fingerprint, customer_id, answer, expires_at)
     VALUES ($1, 'x', $2, '{}', now() + $3::interval)`,
    [key, id, expiry]
  )
  return key
}

const addEvent = async ({ id }: Known, age: string, published: string | undefined): Promise<string> => {
  const eventId = randomUUID()
  await database.rows(
    `INSERT INTO outbox_events (event_id, customer_id, customer_version, topic, envelope, created_at, published_at)
     VALUES ($1, $2, 1, 'customers.profile.updated', '{}', now() - $3::interval, now() - $4::interval)`,
    [eventId, id, age, published ?? null]
  )
  return eventId
}

/** Whatever of these is still there. */
const stillThere = async (ids: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const rows = await database.rows(
    `SELECT digest AS id FROM verification_tokens UNION ALL SELECT key FROM idempotency_keys
     UNION ALL SELECT event_id::text FROM outbox_events`
  )
  const there = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => there.has(id))
}

const untilGone = (ids: ReadonlyArray<string>) =>
  vi.waitUntil(async () => (await stillThere(ids)).length === 0, { timeout: 15_000 })

test("what has had its time goes, and what has not stays", async () => {
  const jane = await createCustomer(await start())
  const old = [
    await addToken(jane, "-1 second"),
    await addAnswer(jane, "-1 second"),
    await addEvent(jane, "8 days", "8 days")
  ]
  const fresh = [
    await addToken(jane, "1 hour"),
    await addAnswer(jane, "1 hour"),
    await addEvent(jane, "6 days", "6 days"),
    // However old, nobody has been told about it yet.
    await addEvent(jane, "400 days", undefined),
    await addEvent(jane, "8 days", "6 days")
  ]
  await start({ OUTBOX_RETENTION_DAYS: "7" })
  await untilGone(old)
  expect(await stillThere(fresh)).toEqual(fresh)
})

test("without OUTBOX_RETENTION_DAYS the journal is kept for ever", async () => {
  const jane = await createCustomer(await start())
  const [event, token] = [await addEvent(jane, "4000 days", "4000 days"), await addToken(jane, "-1 second")]
  await start()
  await untilGone([token])
  expect(await stillThere([event])).toEqual([event])
})

/** How many wait for the table of tokens. */
const waiting = async (): Promise<number> =>
  (await database.rows("SELECT 1 FROM pg_locks WHERE relation = 'verification_tokens'::regclass AND NOT granted"))
    .length

test("one process sweeps at a time: while one is at it, the others do nothing", async () => {
  const jane = await createCustomer(await start())
  const old = [await addToken(jane, "-1 second"), await addAnswer(jane, "-1 second")]
  const holder = new Client(database.url)
  await holder.connect()
  onTestFinished(() => holder.end())
  await holder.query("BEGIN")
  await holder.query("LOCK TABLE verification_tokens IN SHARE ROW EXCLUSIVE MODE")
  await start()
  await vi.waitUntil(async () => (await waiting()) === 1)
  const others = [await start(), await start()]
  for (const other of others) expect((await createCustomer(other)).id).toBeTruthy()
  expect([await waiting(), await stillThere(old)]).toEqual([1, old])
  await holder.query("COMMIT")
  await untilGone(old)
})
