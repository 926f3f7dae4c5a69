import { randomUUID } from "node:crypto"
import { expect, test, vi } from "vitest"
import { openBusScene, publish, publishAll, untilAnswered, untilRelayed } from "./support/busScene.ts"
import { createCustomer } from "./support/customers.ts"
import { schemaErrors } from "./support/eventSchemas.ts"
import { orderCompleted, pointsEarned, topics } from "./support/orders.ts"
import { published } from "./support/publishedEvents.ts"
import { segmentOf } from "./support/segments.ts"
import { serviceToken } from "./support/tokens.ts"

const { bus, database, service } = await openBusScene()
const token = await serviceToken()

const patience = { timeout: 20_000, interval: 50 }

const lettersSince = (id: string) => database.rows("SELECT * FROM dead_letters WHERE id > $1 ORDER BY id", [id])

const lastLetter = async (): Promise<string> => {
  const [row] = await database.rows("SELECT id FROM dead_letters ORDER BY id DESC LIMIT 1")
  return typeof row?.["id"] === "string" ? row["id"] : "00000000-0000-0000-0000-000000000000"
}

/** Publishes what can never be applied, and answers its dead letter. */
const letterOf = async (topic: string, message: unknown) => {
  const before = await lastLetter()
  await publish(bus, topic, message)
  return vi.waitUntil(async () => (await lettersSince(before))[0], patience)
}

/** What other services were told about what was given up. */
const told = async () => {
  await untilRelayed(database)
  const events = (await published(bus.redis.url)).filter(({ topic }) => topic === "customers.deadletter")
  expect(events.flatMap(({ envelope }) => schemaErrors(envelope))).toEqual([])
  return events.map(({ envelope }) => envelope.data)
}

/** The value of a counter; 0 where it is not there yet. */
const counted = async (name: string): Promise<number> => {
  const { text } = await service.send("GET", "/metrics")
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1] ?? 0)
}

const customerId = randomUUID()

/** An order with something wrong in it. */
const wrong = (envelope: object, data: object = {}) => {
  const order = orderCompleted({ customerId })
  return { ...order, ...envelope, data: { ...order.data, ...data } }
}

test.for([
  ["nothing but text", '"not an order"', /./],
  ["a list", [1, 2, 3], /./],
  ["without an id", wrong({ eventId: undefined }), /^eventId /],
  ["without a total", wrong({}, { total: undefined }), /^data\.total /],
  ["of an amount below zero", wrong({}, { total: -1 }), /^data\.total /],
  ["of more than there is", wrong({}, { total: "1e99" }), /^data\.total /],
  ["of an amount that would fill the memory", wrong({}, { total: "1e999999999" }), /^data\.total /],
  ["of somebody who is no customer", wrong({}, { customerId: "jane@example.com" }), /^data\.customerId /],
  ["of a day that never was", wrong({}, { completedAt: "2024-02-31T99:00:00Z" }), /^data\.completedAt /],
  ["of a year that never was", wrong({ timestamp: "0000-01-01T00:00:00Z" }), /^timestamp /],
  ["of a time to come", wrong({ timestamp: "2199-01-01T00:00:00Z" }), /^timestamp /],
  ["another event", wrong({ eventType: "OrderCancelled" }), /^eventType /],
  ["of another major version", wrong({ version: "2.0" }), /^version /]
] as const)("a message that is %s is kept with its reason, and told of once", async ([, message, detail]) => {
  const { id, ...letter } = await letterOf(topics.orders, message)
  expect(letter).toMatchObject({ topic: topics.orders, reason: "malformed", detail: expect.stringMatching(detail) })
  expect(letter["detail"]).not.toContain("jane@example.com")
  const given: unknown = typeof message === "string" ? JSON.parse(message) : JSON.parse(JSON.stringify(message))
  expect(JSON.parse(String(letter["message"]))).toEqual(given)
  await untilAnswered(bus, topics.orders)
  const events = (await told()).filter(({ deadLetterId }) => deadLetterId === id)
  expect(events).toEqual([
    {
      deadLetterId: id,
      topic: topics.orders,
      eventId: letter["event_id"],
      reason: "malformed",
      detail: letter["detail"]
    }
  ])
})

test("an order in another currency without a base amount is given up, and never added", async () => {
  const jane = await createCustomer(service)
  const dead = await counted("customer_messages_dead_total")
  const foreign = orderCompleted({ customerId: jane.id, total: 500, currency: "EUR" })
  const based = orderCompleted({
    customerId: jane.id,
    total: 500,
    currency: "EUR",
    baseTotal: 9,
    baseCurrency: "CHF"
  })
  for (const message of [foreign, based]) {
    const letter = await letterOf(topics.orders, message)
    expect(letter).toMatchObject({ event_id: message.eventId, reason: "other_currency", customer_id: jane.id })
  }
  expect((await segmentOf(service, jane, token)).metrics).toMatchObject({ orderCount: 0, totalSpent: 0 })
  expect(await counted("customer_messages_dead_total")).toBe(dead + 2)
})

test("what can never be applied holds up nothing that came with it, and comes no second time", async () => {
  const jane = await createCustomer(service)
  const before = await lastLetter()
  const bad = Array.from({ length: 5 }, () => wrong({}, { total: "a lot" }))
  const good = Array.from({ length: 5 }, () => orderCompleted({ customerId: jane.id, total: 20 }))
  await publishAll(bus, topics.orders, [...bad, ...good, ...bad])
  await vi.waitFor(
    async () => expect((await segmentOf(service, jane, token)).metrics).toMatchObject({ totalSpent: 100 }),
    patience
  )
  await untilAnswered(bus, topics.orders)
  const letters = await lettersSince(before)
  expect(new Set(letters.map((letter) => letter["event_id"]))).toEqual(new Set(bad.map(({ eventId }) => eventId)))
  expect(letters).toHaveLength(bad.length)
  const ids = new Set(bad.map(({ eventId }) => eventId))
  expect((await told()).filter(({ eventId }) => ids.has(String(eventId)))).toHaveLength(bad.length)
})

test("who never appears is given up when the time is over", async () => {
  const points = pointsEarned({ customerId: 66_000_001, points: 10 })
  await publish(bus, topics.points, points)
  const parked = () => database.rows("SELECT until FROM parked_events WHERE event_id = $1", [points.eventId])
  await vi.waitUntil(async () => (await parked()).length === 1, patience)
  const before = await lastLetter()
  await database.rows("UPDATE parked_events SET until = now() WHERE event_id = $1", [points.eventId])
  const [letter] = await vi.waitUntil(async () => {
    const letters = await lettersSince(before)
    return letters.length > 0 ? letters : undefined
  }, patience)
  expect(letter).toMatchObject({ event_id: points.eventId, reason: "unknown_customer", legacy_id: "66000001" })
  expect(await parked()).toEqual([])
  expect((await told()).filter(({ eventId }) => eventId === points.eventId)).toHaveLength(1)
})
