import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { readMessage, topics } from "../src/order/IncomingMessage.ts"
import {
  customerId,
  envelope,
  givenUp,
  type Json,
  now,
  onTopic,
  order,
  orderData,
  orderWith,
  read,
  without
} from "./messageScene.ts"
import { storable } from "../src/value/storable.ts"

describe("a message that can never be applied", () => {
  it.each([
    ["", "must be an object"],
    [null, "must be an object"],
    [[], "must be an object"],
    ["text", "must be an object"]
  ])("such as %j is malformed", (data, detail) => {
    assert.deepInclude(givenUp(read(data)), { reason: "malformed", eventId: "bus-1", message: data })
    assert.include(givenUp(read(data)).detail, detail)
  })

  it.each([
    ["eventId", { ...envelope, eventId: "" }],
    ["eventId", { ...envelope, eventId: "a\u0000b" }],
    ["eventId", { ...envelope, eventId: "x".repeat(201) }],
    ["eventType", { ...envelope, eventType: "OrderCancelled" }],
    ["version", { ...envelope, version: "2.0" }],
    ["version", { ...envelope, version: "10.0" }],
    ["version", { ...envelope, version: 1 }],
    ["timestamp", { ...envelope, timestamp: "yesterday" }],
    ["timestamp", { ...envelope, timestamp: "2024-10-30" }],
    ["timestamp", { ...envelope, timestamp: "2024-10-30T10:00:00 (Z)" }],
    ["timestamp", { ...envelope, timestamp: "2024-13-30T10:00:00Z" }],
    ["timestamp", { ...envelope, timestamp: 1_730_282_400 }],
    ["data", without("data", envelope)],
    ["data", { ...envelope, data: [] }],
    ["data.orderId", orderWith({ orderId: "" })],
    ["data.orderId", orderWith({ orderId: 1e21 })],
    ["data.orderId", orderWith({ orderId: "x".repeat(65) })],
    ["data.customerId", orderWith({ customerId: 0 })],
    ["data.customerId", orderWith({ customerId: 4_294_967_296 })],
    ["data.customerId", orderWith({ customerId: "me" })],
    ["data.total", orderWith({ total: -0.01 })],
    ["data.total", orderWith({ total: 1e9 + 1 })],
    ["data.total", orderWith({ total: 1e300 })],
    ["data.total", orderWith({ total: "NaN" })],
    ["data.total", orderWith({ total: "Infinity" })],
    ["data.total", orderWith({ total: "" })],
    ["data.total", orderWith({ total: "1e-999999999" })],
    ["data.total", orderWith({ total: "1e999999999" })],
    ["data.total", orderWith({ total: "9".repeat(33) })],
    ["data.total", orderWith({ total: { amount: 1 } })],
    ["data.currency", orderWith({ currency: "US Dollar" })],
    ["data.completedAt", orderWith({ completedAt: null })],
    ["data.baseTotal", orderWith({ baseTotal: "much" })]
  ] as const)("has its fault named at %s, in %j", (path, data) => {
    const { detail, reason } = givenUp(read(data))
    assert.strictEqual(reason, "malformed")
    assert.isTrue(detail.startsWith(`${path} `), detail)
  })

  it("has every fault named, up to five", () => {
    assert.strictEqual(givenUp(read({})).detail.split("; ").length, 5)
    assert.strictEqual(givenUp(read(orderWith({ total: -1, currency: "" }))).detail.split("; ").length, 2)
  })

  it("keeps its event id, and whom it is about, as far as it tells", () => {
    const message = givenUp(read(orderWith({ total: -1 })))
    assert.deepInclude(message, { eventId: "evt_order_1", customer: { _tag: "Id", id: customerId } })
    assert.notProperty(givenUp(read(orderWith({ total: -1, customerId: "me" }))), "customer")
    for (const eventId of ["", "a\u0000b", "x".repeat(201), 7]) {
      assert.strictEqual(givenUp(read({ ...envelope, eventId })).eventId, "bus-1")
    }
  })

  it("is one that is far ahead of the clock, or on a topic of others", () => {
    const ahead = "is more than a day ahead of this service's clock"
    assert.strictEqual(
      givenUp(read({ ...envelope, timestamp: "2024-10-31T12:00:00.001Z" })).detail,
      `timestamp ${ahead}`
    )
    const late = orderWith({ completedAt: "9999-01-01T00:00:00Z" })
    assert.strictEqual(givenUp(read(late)).detail, `data.completedAt ${ahead}`)
    assert.strictEqual(givenUp(read(envelope, "orders.order.cancelled")).reason, "malformed")
  })

  it("pollutes nothing with what it calls its prototype", () => {
    const tricks: Json = JSON.parse(
      `{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "eventId": "evt_order_1",
        "data": {"__proto__": {"total": 1, "polluted": true}}}`
    )
    assert.strictEqual(givenUp(read(tricks)).reason, "malformed")
    assert.strictEqual(order({ ...tricks, ...envelope }).total, "129.9")
    assert.notProperty({}, "polluted")
    const inherited: Json = JSON.parse(JSON.stringify(envelope).replace('"data":{', '"data":{"__proto__":{"total":1},'))
    assert.strictEqual(order(inherited).total, "129.9")
  })

  const canary = "jane.doe@example.com"

  /** Messages in which something or other is somebody's address. */
  const personal = fc
    .record({
      about: fc.subarray(["eventId", "eventType", "version", "timestamp", "data", "metadata"]),
      inside: fc.subarray([
        "orderId",
        "customerId",
        "total",
        "currency",
        "completedAt",
        "baseTotal",
        "balance",
        "points"
      ]),
      value: fc.constantFrom<unknown>(canary, [canary], { [canary]: canary }, canary.repeat(20)),
      topic: fc.constantFrom(topics.orders, topics.points)
    })
    .map(({ about, inside, topic, value }) => {
      const put = (fields: ReadonlyArray<string>) => Object.fromEntries(fields.map((field) => [field, value]))
      return onTopic(topic, { ...envelope, data: { ...orderData, ...put(inside) }, ...put(about) })
    })

  it.prop([personal])("is never quoted", (message) => {
    const result = readMessage(message, "USD", now)
    if (result._tag === "Undeliverable") assert.notInclude(result.detail, "jane")
  })
})

/** A message in which anything may be something else. */
const mangled = fc
  .record({
    whole: fc.dictionary(fc.constantFrom(...Object.keys(envelope)), fc.jsonValue()),
    inner: fc.dictionary(fc.constantFrom(...Object.keys(orderData), "points", "balance", "__proto__"), fc.jsonValue()),
    topic: fc.constantFrom(topics.orders, topics.points, "")
  })
  .map(({ inner, topic, whole }) => onTopic(topic, { ...envelope, data: { ...orderData, ...inner }, ...whole }))

describe("whatever comes as JSON", () => {
  const anything = fc.oneof(
    fc.jsonValue().map((data) => onTopic(topics.orders, data)),
    mangled
  )

  it.prop([anything], { numRuns: 500 })("is read, or given up with a reason and an id", (message) => {
    const result = readMessage(message, "USD", now)
    assert.isNotEmpty(result.eventId)
    assert.deepStrictEqual(result.message, storable(message.data))
    if (result._tag === "Undeliverable") assert.isNotEmpty(result.detail)
  })
})
