import { Redis } from "ioredis"
import { DateTime } from "effect"
import { expect, onTestFinished, test, vi } from "vitest"
import { type Bus, openBusScene, startBus, untilRelayed } from "./support/busScene.ts"
import { createCustomer } from "./support/customers.ts"
import { freshDatabase, type TestDatabase } from "./support/database.ts"
import { ledgerOf } from "./support/eventLedger.ts"
import { askJournal } from "./support/journal.ts"
import { published } from "./support/publishedEvents.ts"
import { startService } from "./support/service.ts"
import { untilReviewed } from "./support/timelines.ts"
import { beginWriting } from "./support/writing.ts"

const bus = await startBus("everysec")
const { database, service } = await openBusScene({}, bus)

const patience = { timeout: 60_000, interval: 20 }

/** From now on Redis puts nothing more on its disk: what it takes is gone with its next crash. */
const forgetFromNow = async ({ redis }: Bus): Promise<void> => {
  const client = new Redis(redis.url)
  await client.config("SET", "appendonly", "no")
  client.disconnect()
}

const eventIds = async (): Promise<ReadonlySet<string>> =>
  new Set((await published(bus.redis.url)).map(({ envelope }) => envelope.eventId))

/** Resolves when a relay has found the bus away. */
const untilMissed = ({ rows }: TestDatabase) =>
  vi.waitUntil(async () => (await rows("SELECT 1 FROM outbox_refusals WHERE waits > 0 LIMIT 1")).length > 0, patience)

/** What is on the topics of this database's events. */
const ledger = async (of: TestDatabase) => {
  const own = new Set((await of.rows("SELECT event_id FROM outbox_events")).map((row) => row["event_id"]))
  return ledgerOf(
    of,
    (await published(bus.redis.url)).filter(({ envelope }) => own.has(envelope.eventId))
  )
}

/** That she is there, and that she belongs to three segments. */
const eventsEach = 4

const whole = { losses: 0, uncommitted: 0, outOfOrder: [] }

test("what a Redis lost that was flushed every second is sent again, in order", async () => {
  const writing = await beginWriting(service)
  await vi.waitUntil(async () => (await eventIds()).size >= 40, patience)
  await forgetFromNow(bus)
  const kept = (await eventIds()).size
  await vi.waitUntil(async () => (await eventIds()).size >= kept + 30, patience)
  const before = await eventIds()
  await bus.redis.kill()
  await untilMissed(database)
  await bus.redis.start()
  const lost = before.difference(await eventIds())
  const written = writing.count()
  await vi.waitUntil(() => writing.count() > written + 20, patience)
  await writing.stop()
  await untilRelayed(database)
  expect(lost.size).toBeGreaterThanOrEqual(30)
  expect(await ledger(database)).toMatchObject(whole)
  process.stderr.write(`forgetful bus: ${lost.size} of ${(await eventIds()).size} events were lost, and sent again\n`)
})

test("without a window they stay lost, until somebody has them replayed", async () => {
  const own = await freshDatabase()
  onTestFinished(own.drop)
  const careless = await startService({ ...bus.variables, DATABASE_URL: own.url, BUS_RESEND_WINDOW: "0" })
  onTestFinished(careless.stop)
  const create = async () => untilReviewed(own, await createCustomer(careless))
  const createMany = async () => {
    await Promise.all(Array.from({ length: 10 }, create))
    await untilRelayed(own)
  }
  await createMany()
  const [clock] = await own.rows("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS millis")
  await forgetFromNow(bus)
  await createMany()
  // As if they had gone out long before: the seconds in which the outage shows are sent again even so.
  await own.rows("UPDATE outbox_events SET published_at = published_at - interval '1 minute'")
  await bus.redis.kill()
  await create()
  await untilMissed(own)
  await bus.redis.start()
  await untilRelayed(own)
  expect(await ledger(own)).toMatchObject({ ...whole, losses: 10 * eventsEach })

  const from = DateTime.makeUnsafe(Number(clock?.["millis"]))
  expect(await askJournal(own.url, ({ replay }) => replay({ from }, { dryRun: false }))).toBe(11 * eventsEach)
  await untilRelayed(own)
  expect(await ledger(own)).toMatchObject(whole)
})
