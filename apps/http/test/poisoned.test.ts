import { randomUUID } from "node:crypto"
import { afterAll, expect, test, vi } from "vitest"
import { startBusProxy } from "./support/busProxy.ts"
import { openBusScene, publish, publishAll, startBus } from "./support/busScene.ts"
import { createCustomer, type Known } from "./support/customers.ts"
import { askJournal } from "./support/journal.ts"
import { orderCompleted, topics } from "./support/orders.ts"
import { ofWrites, publishedOf } from "./support/publishedEvents.ts"
import { serviceToken } from "./support/tokens.ts"

const bus = await startBus()
const proxy = await startBusProxy(bus.sidecar.url)
afterAll(proxy.close)
const { database, service } = await openBusScene({ DAPR_HTTP_PORT: proxy.port, EVENT_MAX_REFUSALS: "3" }, bus)
const token = await serviceToken()

const patience = { timeout: 30_000, interval: 50 }

/** What a poisoned message may take of anybody else's time. */
const aSecond = 1000

const rename = ({ path }: Known, firstName: string) =>
  service.send("PUT", path, { token, body: { profile: { firstName } } })

/** The names that somebody's published events tell, one after the other. */
const namesTold = async ({ id }: Known) =>
  ofWrites(await publishedOf(bus.redis.url, id)).map(
    ({ envelope }) => Object(envelope.data["profile"]).firstName as unknown
  )

/** Somebody whose second of three changes the bus does not take. */
const poison = async (): Promise<Known & { readonly poison: string }> => {
  const name = `Poison ${randomUUID()}`
  proxy.refuse(name)
  const customer = await createCustomer(service, { profile: { firstName: "One" } })
  await rename(customer, name)
  await rename(customer, "Three")
  return { ...customer, poison: name }
}

const deadOf = ({ id }: Known) =>
  database.rows(
    `SELECT event_id AS "eventId", refusals FROM outbox_refusals JOIN outbox_events e ON e.id = outbox_id
     WHERE dead_at IS NOT NULL AND e.customer_id = $1`,
    [id]
  )

const untilDead = (customer: Known) =>
  vi.waitUntil(async () => {
    const [dead] = await deadOf(customer)
    return dead
  }, patience)

/** Milliseconds between a change and its publication, at the longest, of twenty customers. */
const longestWay = async (): Promise<number> => {
  const customers = await Promise.all(Array.from({ length: 20 }, () => createCustomer(service)))
  const ids = customers.map(({ id }) => id)
  const [row] = await vi.waitUntil(async () => {
    const rows = await database.rows(
      `SELECT max(extract(epoch FROM published_at - created_at)) * 1000 AS longest FROM outbox_events
       WHERE customer_id = ANY($1) HAVING bool_and(published_at IS NOT NULL)`,
      [ids]
    )
    return rows.length > 0 ? rows : undefined
  }, patience)
  return Number(row?.["longest"])
}

test("an event that the bus refuses holds up nobody else's, and dies after so many refusals", async () => {
  const usual = Math.max(await longestWay(), await longestWay())
  const jane = await poison()
  await vi.waitUntil(() => proxy.refused() > 0, patience)
  const beside = await longestWay()
  expect(await untilDead(jane)).toMatchObject({ refusals: 3 })
  expect(beside).toBeLessThan(usual + aSecond)
  expect(await longestWay()).toBeLessThan(usual + aSecond)
})

test("a dead event keeps back its customer's later ones; retried, it goes out before them", async () => {
  const jane = await poison()
  const { eventId } = await untilDead(jane)
  await rename(jane, "Four")
  await longestWay()
  expect(await namesTold(jane)).toEqual(["One"])
  proxy.takeAll()
  expect(await askJournal(database.url, ({ retry }) => retry(String(eventId)))).toBe(true)
  await vi.waitFor(async () => expect(await namesTold(jane)).toEqual(["One", jane.poison, "Three", "Four"]), patience)
})

test("a dead event that is dropped is never told, and the later ones go on", async () => {
  const jane = await poison()
  const { eventId } = await untilDead(jane)
  expect(await askJournal(database.url, ({ drop }) => drop(String(eventId)))).toBe(true)
  await vi.waitFor(async () => expect(await namesTold(jane)).toEqual(["One", "Three"]), patience)
  proxy.takeAll()
  await longestWay()
  expect(await namesTold(jane)).toEqual(["One", "Three"])
})

/** Milliseconds until an order counts that is published behind these messages. */
const wayOf = async (customer: Known, before: ReadonlyArray<unknown>): Promise<number> => {
  const order = orderCompleted({ customerId: customer.id })
  const started = performance.now()
  if (before.length > 0) await publishAll(bus, topics.orders, before)
  await publish(bus, topics.orders, order)
  await vi.waitUntil(
    async () =>
      (await database.rows("SELECT 1 FROM customer_orders WHERE event_id = $1", [order.eventId])).length === 1,
    { ...patience, interval: 10 }
  )
  return performance.now() - started
}

test("messages that can never be applied hold up none that come behind them", async () => {
  const jane = await createCustomer(service)
  const usual = Math.max(await wayOf(jane, []), await wayOf(jane, []))
  const bad = Array.from({ length: 50 }, (_, index) => ({ eventId: `poison ${index}`, nonsense: "\0" }))
  expect(await wayOf(jane, bad)).toBeLessThan(usual + aSecond)
  const dead = () => database.rows("SELECT 1 FROM dead_letters WHERE event_id LIKE 'poison%'")
  await vi.waitFor(async () => expect(await dead()).toHaveLength(bad.length), patience)
})
