import { randomUUID } from "node:crypto"
import { expect, test, vi } from "vitest"
import { openBusScene, publish, publishAll, untilRelayed } from "./support/busScene.ts"
import { createCustomer, customerIn, type Known } from "./support/customers.ts"
import { erase } from "./support/erasures.ts"
import { orderCompleted, pointsEarned, topics } from "./support/orders.ts"
import { ofWrites, publishedOf } from "./support/publishedEvents.ts"
import { segmentOf, versionOf } from "./support/segments.ts"
import { serviceToken } from "./support/tokens.ts"

const { bus, database, service } = await openBusScene()
const token = await serviceToken()

const day = 24 * 3_600_000
const patience = { timeout: 20_000, interval: 50 }

const order = (parts: Parameters<typeof orderCompleted>[0]) => publish(bus, topics.orders, orderCompleted(parts))
const points = (parts: Parameters<typeof pointsEarned>[0]) => publish(bus, topics.points, pointsEarned(parts))

const until = (look: () => Promise<void>) => vi.waitFor(look, patience)

const figuresOf = async (customer: Known) => {
  const { loyaltyPoints, metrics } = await segmentOf(service, customer, token)
  return [metrics.orderCount, metrics.totalSpent, loyaltyPoints]
}

/** Resolves when her orders, what they come to and her points are these. */
const untilFigures = (customer: Known, ...figures: ReadonlyArray<number>) =>
  until(async () => expect(await figuresOf(customer)).toEqual(figures))

/** Resolves when the messages have been taken in, whatever became of them. */
const untilProcessed = (...eventIds: ReadonlyArray<string>) =>
  until(async () =>
    expect(await database.rows("SELECT 1 FROM processed_events WHERE event_id = ANY($1)", [eventIds])).toHaveLength(
      eventIds.length
    )
  )

/** 23 orders that come to 5420.50 by the dates of the specification's example. */
const exampleOrders = (customerId: string) => {
  const at = (completedAt: string, total: number) => orderCompleted({ customerId, completedAt, total })
  const many = (count: number, month: string, total: number) =>
    Array.from({ length: count }, (_, index) => at(`${month}-${10 + index}T10:00:00.000Z`, total))
  return [
    ...many(5, "2023-05", 150),
    at("2023-06-15T10:00:00.000Z", 250),
    at("2023-08-20T10:00:00.000Z", 600),
    ...many(15, "2024-02", 238),
    at("2024-10-25T10:00:00.000Z", 250.5)
  ]
}

test("orders and points make the segment of the specification's example", async () => {
  const jane = await createCustomer(service)
  await publishAll(bus, topics.orders, exampleOrders(jane.id).toReversed())
  await points({ customerId: jane.id, points: 2500 })
  await untilFigures(jane, 23, 5420.5, 2500)
  const answer = await service.send("GET", `${jane.path}/segment`, { token: jane.token })
  const lastOrderDate = "2024-10-25T10:00:00.000Z"
  expect(answer.body).toEqual({
    success: true,
    data: {
      segment: {
        customerId: jane.id,
        tier: "premium",
        segment: "high_value",
        loyaltyPoints: 2500,
        metrics: {
          totalSpent: 5420.5,
          orderCount: 23,
          averageOrderValue: 235.67,
          lastOrderDate,
          daysSinceLastOrder: Math.floor((Date.now() - Date.parse(lastOrderDate)) / day),
          lifetimeValue: 5420.5
        },
        qualifications: {
          premiumTier: {
            qualified: true,
            requirement: "totalSpent >= 1000",
            achievedAt: "2023-06-15T10:00:00.000Z"
          },
          highValueSegment: {
            qualified: true,
            requirement: "averageOrderValue >= 200",
            achievedAt: "2023-08-20T10:00:00.000Z"
          }
        },
        nextTier: { tier: "vip", requirement: "totalSpent >= 10000", progress: 54.21, remaining: 4579.5 },
        updatedAt: expect.stringMatching(/Z$/)
      }
    }
  })
})

test("the cached customer shows an order at once, under a version that has grown", async () => {
  const jane = await createCustomer(service)
  const read = () => service.send("GET", jane.path, { token })
  expect(versionOf(await read())).toBe(1)
  await order({ customerId: jane.id, total: 1200 })
  await until(async () => expect(customerIn(await read())).toMatchObject({ version: 2, segment: { orderCount: 1 } }))
  const [customer, segment] = [await read(), await service.send("GET", `${jane.path}/segment`, { token })]
  expect([versionOf(customer), versionOf(segment)]).toEqual([2, 2])
  expect(customerIn(customer)).toMatchObject({ segment: { tier: "premium", segment: "high_value", totalSpent: 1200 } })
})

test("a tier and a label that orders make are told of, with the reason and the order's correlation id", async () => {
  const jane = await createCustomer(service)
  const message = orderCompleted({ customerId: jane.id, total: 1020, metadata: { correlationId: "corr_checkout_9" } })
  await publish(bus, topics.orders, message)
  await untilProcessed(message.eventId)
  await untilRelayed(database)
  const [, tier, label] = ofWrites(await publishedOf(bus.redis.url, jane.id))
  const told = { eventType: "CustomerSegmentChanged", metadata: { correlationId: "corr_checkout_9" } }
  expect(tier?.envelope).toMatchObject(told)
  expect(tier?.envelope.data).toMatchObject({ change: "tier", to: "premium", reason: "totalSpent 1020.00 >= 1000" })
  expect(label?.envelope).toMatchObject(told)
  expect(label?.envelope.data).toMatchObject({ change: "label", from: "new_customer", to: "high_value" })
})

test("a message names its customer by her Magento id too, as a number or as text", async () => {
  const jane = await createCustomer(service)
  await database.rows("UPDATE customers SET legacy_id = 4294967294 WHERE id = $1", [jane.id])
  await order({ customerId: 4294967294, total: 10 })
  await order({ customerId: "4294967294", total: 20 })
  await points({ customerId: 4294967294, points: 5 })
  await untilFigures(jane, 2, 30, 5)
})

test("an order that is told again counts as it was told last, whichever comes first", async () => {
  const jane = await createCustomer(service)
  const tell = (orderId: string, total: number, hour: number) =>
    orderCompleted({ customerId: jane.id, orderId, total, timestamp: `2024-10-25T${hour}:00:00.000Z` })
  const [one, other] = [randomUUID(), randomUUID()]
  const messages = [tell(one, 900, 10), tell(one, 400, 12), tell(other, 80, 14), tell(other, 90, 11)]
  await publishAll(bus, topics.orders, messages)
  await untilProcessed(...messages.map(({ eventId }) => eventId))
  expect(await figuresOf(jane)).toEqual([2, 480, 0])
})

test("what comes again counts once, and points converge in any order", async () => {
  const jane = await createCustomer(service)
  const message = orderCompleted({ customerId: jane.id, total: 70 })
  await publishAll(bus, topics.orders, [message, message])
  await publish(bus, topics.orders, message)
  const at = (hour: number) => `2024-10-25T${hour}:00:00.000Z`
  const earned = [
    pointsEarned({ customerId: jane.id, points: 30, timestamp: at(15) }),
    pointsEarned({ customerId: jane.id, points: 50, balance: 400, timestamp: at(14) }),
    pointsEarned({ customerId: jane.id, points: 999, timestamp: at(11) })
  ]
  await publishAll(bus, topics.points, [...earned, ...earned])
  await untilProcessed(message.eventId, ...earned.map(({ eventId }) => eventId))
  expect(await figuresOf(jane)).toEqual([1, 70, 430])
})

test("fields that nobody here knows are let be, and a base amount counts for another currency", async () => {
  const jane = await createCustomer(service)
  await order({ customerId: jane.id, total: 100, lines: [{ sku: "A1" }], channel: { name: "app" } })
  const base = { baseTotal: "21.50", baseCurrency: "USD" }
  await order({ customerId: jane.id, total: 20, currency: "EUR", ...base })
  await untilFigures(jane, 2, 121.5, 0)
})

test("an order for somebody who is not there waits, and counts once she is", async () => {
  const legacyId = 77_000_001
  const message = orderCompleted({ customerId: legacyId, total: 1500 })
  await publish(bus, topics.orders, message)
  await until(async () =>
    expect(await database.rows("SELECT legacy_id FROM parked_events WHERE event_id = $1", [message.eventId])).toEqual([
      { legacy_id: String(legacyId) }
    ])
  )
  const jane = await createCustomer(service)
  await database.rows("UPDATE customers SET legacy_id = $2 WHERE id = $1", [jane.id, legacyId])
  await untilFigures(jane, 1, 1500, 0)
  expect(customerIn(await service.send("GET", jane.path, { token }))).toMatchObject({ segment: { tier: "premium" } })
  expect(await database.rows("SELECT 1 FROM parked_events")).toEqual([])
})

test("an order for somebody who was erased leaves nothing behind", async () => {
  const jane = await createCustomer(service)
  await order({ customerId: jane.id, total: 30 })
  await untilFigures(jane, 1, 30, 0)
  await erase(service, jane)
  const message = orderCompleted({ customerId: jane.id, orderId: "of-the-erased", note: "jane.canary@example.com" })
  await publish(bus, topics.orders, message)
  await untilProcessed(message.eventId)
  expect(await database.rows("SELECT 1 FROM customer_orders WHERE order_id = 'of-the-erased'")).toEqual([])
  expect(await database.rows("SELECT 1 FROM parked_events UNION ALL SELECT 1 FROM dead_letters")).toEqual([])
  await untilRelayed(database)
  expect((await publishedOf(bus.redis.url, jane.id)).at(-1)?.envelope.eventType).toBe("CustomerErased")
})
