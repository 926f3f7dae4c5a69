import { randomUUID } from "node:crypto"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { appApiToken } from "./support/busScene.ts"
import { createCustomer, type Known } from "./support/customers.ts"
import { orderCompleted, topics } from "./support/orders.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { segmentOf } from "./support/segments.ts"
import { type Service, startService } from "./support/service.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"
import { layWire } from "./support/wire.ts"

// Nobody is where the sidecar would be: what comes by these routes must not need it.
const bus = { EVENT_BUS: "dapr", APP_API_TOKEN: appApiToken, DAPR_HTTP_PORT: "1" }
const { database, redisUrl, service } = await openScene(bus)
const token = await serviceToken()

const routes = {
  orders: `/dapr/messages/${topics.orders}`,
  points: `/dapr/messages/${topics.points}`,
  undelivered: "/dapr/undelivered"
}

const shown = { "dapr-api-token": appApiToken }

/** Delivers a body as the sidecar does. */
const deliver = (body: unknown, { on = service, route = routes.orders }: { on?: Service; route?: string } = {}) =>
  on.send("POST", route, { body, headers: { ...shown, "content-type": "application/cloudevents+json" } })

const cloudEvent = (data: unknown, fields: object = {}) => ({
  specversion: "1.0",
  id: randomUUID(),
  source: "order-service",
  type: "com.dapr.event.sent",
  datacontenttype: "application/json",
  topic: topics.orders,
  pubsubname: "pubsub",
  data,
  ...fields
})

const bulkOf = (...events: ReadonlyArray<unknown>) => ({
  entries: events.map((event, index) => ({ entryId: `entry-${index}`, event, contentType: "application/json" })),
  topic: topics.orders,
  pubsubname: "pubsub"
})

const statuses = (...all: ReadonlyArray<string>) => ({
  statuses: all.map((status, index) => ({ entryId: `entry-${index}`, status }))
})

const figuresOf = async (customer: Known) => {
  const { metrics } = await segmentOf(service, customer, token)
  return [metrics.orderCount, metrics.totalSpent]
}

const letters = () => database.rows("SELECT event_id, topic, reason, message FROM dead_letters ORDER BY id DESC")

describe("whoever does not show the sidecar's token", () => {
  test.for([
    ["nothing", {}],
    ["an empty one", { "dapr-api-token": "" }],
    ["another of the same length", { "dapr-api-token": "x".repeat(appApiToken.length) }],
    ["the beginning of it", { "dapr-api-token": appApiToken.slice(0, -1) }],
    ["more than it", { "dapr-api-token": `${appApiToken}x` }],
    ["it in another header", { authorization: `Bearer ${appApiToken}` }]
  ] as const)("but %s, is told the same everywhere and changes nothing", async ([, headers]) => {
    const jane = await createCustomer(service)
    const body = cloudEvent(orderCompleted({ customerId: jane.id }))
    const answers = [await service.send("GET", "/dapr/subscribe", { headers })]
    for (const route of Object.values(routes)) answers.push(await service.send("POST", route, { headers, body }))
    for (const answer of answers) expect(refusalIn(answer)).toEqual(refusal(401, "UNAUTHENTICATED"))
    const texts = answers.map(({ headers, text }) => text.replace(headers.get("x-correlation-id") ?? "", ""))
    expect(new Set(texts).size).toBe(1)
    expect(await figuresOf(jane)).toEqual([0, 0])
  })

  test("is not helped by an access token of anybody's", async () => {
    const jane = await createCustomer(service)
    for (const jwt of [jane.token, await customerToken(jane.id), token, await staffToken()]) {
      for (const headers of [{ authorization: `Bearer ${jwt}` }, { "dapr-api-token": jwt }]) {
        const answer = await service.send("POST", routes.orders, { headers, body: cloudEvent({}) })
        expect(refusalIn(answer)).toEqual(refusal(401, "UNAUTHENTICATED"))
      }
    }
    expect(await letters()).toEqual([])
  })
})

test("the sidecar is told what to deliver where, and where to put what it cannot", async () => {
  const { body, status } = await service.send("GET", "/dapr/subscribe", { headers: shown })
  const bulkSubscribe = { enabled: true, maxMessagesCount: 100, maxAwaitDurationMs: 20 }
  const subscribed = { pubsubname: "pubsub", bulkSubscribe }
  const deadLetterTopic = "customers.undelivered"
  expect([status, body]).toEqual([
    200,
    [
      { ...subscribed, topic: topics.orders, route: routes.orders, deadLetterTopic },
      { ...subscribed, topic: topics.points, route: routes.points, deadLetterTopic },
      { ...subscribed, topic: deadLetterTopic, route: routes.undelivered }
    ]
  ])
})

test("without a bus there are no such routes, whatever is shown", async () => {
  const quiet = await startService({ DATABASE_URL: database.url, EVENT_BUS: "memory", APP_API_TOKEN: appApiToken })
  onTestFinished(quiet.stop)
  const answers = [await quiet.send("GET", "/dapr/subscribe", { headers: shown })]
  for (const route of Object.values(routes)) answers.push(await deliver(cloudEvent({}), { on: quiet, route }))
  for (const answer of answers) expect(refusalIn(answer)).toEqual(refusal(404, "NOT_FOUND"))
})

describe("a body", () => {
  test.for([
    ["not JSON", "{"],
    ["larger than any delivery", Buffer.alloc(65 * 1024 * 1024, " ")]
  ] as const)("that is %s is refused, and the service goes on", async ([, body]) => {
    expect(refusalIn(await deliver(body))).toEqual(refusal(400, "VALIDATION_FAILED"))
    expect((await service.send("GET", "/health/live")).status).toBe(200)
  })

  test("as large as a full bulk of large messages is taken", async () => {
    const jane = await createCustomer(service)
    const large = () => cloudEvent(orderCompleted({ customerId: jane.id, total: 1, note: "x".repeat(100_000) }))
    const { body } = await deliver(bulkOf(...Array.from({ length: 100 }, large)))
    expect(body).toEqual(statuses(...Array.from({ length: 100 }, () => "SUCCESS")))
    expect(await figuresOf(jane)).toEqual([100, 100])
  })

  const nested = (depth: number) => `${'{"a":['.repeat(depth)}1${"]}".repeat(depth)}`

  test.for([
    ["that is no CloudEvent", JSON.stringify({ some: "thing" })],
    ["that is a list", "[]"],
    ["that is null", "null"],
    ["that is a number", "7"],
    ["nested as deep as a message may be", JSON.stringify(cloudEvent(JSON.parse(nested(60))))],
    ["nested beyond all measure", `{"specversion":"1.0","id":"deep","data":${nested(100_000)}}`],
    ["with names of the language's own", '{"specversion":"1.0","data":{"__proto__":{"polluted":1},"constructor":{}}}'],
    ["with U+0000 and half characters", JSON.stringify(cloudEvent({ eventId: "a\0b", note: "\0\ud800" }))],
    ["with an id that no column takes", JSON.stringify(cloudEvent("\0", { id: `\0${"x".repeat(5000)}\udfff` }))]
  ] as const)("%s is kept as a dead letter, and not delivered for ever", async ([, body]) => {
    const before = (await letters()).length
    const answer = await deliver(body)
    expect([answer.status, answer.body]).toEqual([200, { status: "DROP" }])
    expect(await letters()).toHaveLength(before + 1)
    expect(Object.keys({ ...Object.prototype })).toEqual([])
    expect("polluted" in {}).toBe(false)
  })
})

describe("a bulk", () => {
  test("with one entry that makes no sense applies the others", async () => {
    const jane = await createCustomer(service)
    const good = () => cloudEvent(orderCompleted({ customerId: jane.id, total: 10 }))
    const { body } = await deliver(bulkOf(good(), cloudEvent({ eventId: "the bad one" }), good(), undefined))
    expect(body).toEqual(statuses("SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS"))
    expect(await figuresOf(jane)).toEqual([2, 20])
    expect((await letters()).map((letter) => letter["event_id"])).toContain("the bad one")
  })

  test("with one entry that the database breaks at keeps that one, and applies the others", async () => {
    const jane = await createCustomer(service)
    await database.rows("ALTER TABLE customer_orders ADD CONSTRAINT unforeseen CHECK (order_id <> 'unforeseen')")
    const event = (orderId: string) => cloudEvent(orderCompleted({ customerId: jane.id, total: 10, orderId }))
    const { body } = await deliver(bulkOf(event("before it"), event("unforeseen"), event("behind it")))
    expect(body).toEqual(statuses("SUCCESS", "SUCCESS", "SUCCESS"))
    expect(await figuresOf(jane)).toEqual([2, 20])
    expect(await letters()).toContainEqual(expect.objectContaining({ message: expect.stringContaining("unforeseen") }))
  })

  test("that the database cannot take is to be delivered again, all of it, and counts once", async () => {
    const wire = await layWire(database.url)
    const cutOff = await startService({ ...bus, DATABASE_URL: wire.url, REDIS_URL: redisUrl })
    onTestFinished(cutOff.stop)
    const jane = await createCustomer(service)
    const [one, other] = [10, 20].map((total) => cloudEvent(orderCompleted({ customerId: jane.id, total })))
    await wire.cut()
    const down = await deliver(bulkOf(one, cloudEvent({}), other), { on: cutOff })
    expect([down.status, down.body]).toEqual([200, statuses("RETRY", "RETRY", "RETRY")])
    expect((await deliver(one, { on: cutOff })).body).toEqual({ status: "RETRY" })
    await wire.mend()
    const again = () => deliver(bulkOf(one, other), { on: cutOff })
    await vi.waitFor(async () => expect((await again()).body).toEqual(statuses("SUCCESS", "SUCCESS")), 20_000)
    expect((await again()).body).toEqual(statuses("SUCCESS", "SUCCESS"))
    expect(await figuresOf(jane)).toEqual([2, 30])
  })
})

test("what the sidecar gave up is kept under its own topic, until it can be applied after all", async () => {
  const jane = await createCustomer(service)
  const order = orderCompleted({ customerId: jane.id, total: 15 })
  expect((await deliver(cloudEvent(order), { route: routes.undelivered })).body).toEqual({ status: "DROP" })
  const hers = async () => (await letters()).filter((letter) => letter["event_id"] === order.eventId)
  expect(await hers()).toMatchObject([{ topic: topics.orders, reason: "undelivered" }])
  expect(await figuresOf(jane)).toEqual([0, 0])
  expect((await deliver(cloudEvent(order))).body).toEqual({ status: "SUCCESS" })
  expect([await hers(), await figuresOf(jane)]).toEqual([[], [1, 15]])
})
