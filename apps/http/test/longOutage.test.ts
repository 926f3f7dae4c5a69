import { expect, test, vi } from "vitest"
import { openBusScene, startBus, untilRelayed } from "./support/busScene.ts"
import { ledgerOf } from "./support/eventLedger.ts"
import { published } from "./support/publishedEvents.ts"
import { beginWriting } from "./support/writing.ts"

const bus = await startBus()
// A single refusal would be the end of an event.
const { database, service } = await openBusScene({ EVENT_MAX_REFUSALS: "1" }, bus)

const patience = { timeout: 90_000, interval: 100 }

const outages = {
  "a sidecar that hangs": { begin: bus.sidecar.pause, end: bus.sidecar.resume },
  "a sidecar that is gone": { begin: bus.sidecar.kill, end: bus.sidecar.start },
  "a Redis that hangs": { begin: bus.redis.pause, end: bus.redis.resume },
  "a Redis that is gone": { begin: bus.redis.kill, end: bus.redis.start }
}

/** How often the bus was tried in vain. */
const waits = async (): Promise<number> => {
  const [row] = await database.rows("SELECT coalesce(sum(waits), 0) AS waits FROM outbox_refusals")
  return Number(row?.["waits"])
}

const unpublished = async (): Promise<number> =>
  (await database.rows("SELECT 1 FROM outbox_events WHERE published_at IS NULL")).length

test.for(Object.entries(outages))(
  "%s is waited out: nothing is given up, and all goes out in order once it is back",
  { timeout: 120_000 },
  async ([, { begin, end }]) => {
    await begin()
    const writing = await beginWriting(service)
    await vi.waitUntil(() => writing.count() >= 60, patience)
    await writing.stop()
    await vi.waitUntil(async () => (await waits()) > 0, patience)
    const noticed = await waits()
    await vi.waitUntil(async () => (await waits()) >= noticed + 4, patience)
    expect(await unpublished()).toBeGreaterThan(60)
    expect(await database.rows("SELECT 1 FROM outbox_refusals WHERE refusals > 0 OR dead_at IS NOT NULL")).toEqual([])
    await end()
    await untilRelayed(database)
    expect(await database.rows("SELECT 1 FROM outbox_refusals")).toEqual([])
    expect(await ledgerOf(database, await published(bus.redis.url))).toMatchObject({
      losses: 0,
      uncommitted: 0,
      outOfOrder: []
    })
  }
)
