import { assert, describe, it } from "@effect/vitest"
import { fc, test } from "@fast-check/vitest"
import * as Delivery from "../src/Delivery.ts"

const order = { eventId: "1", eventType: "OrderCompleted", data: { orderId: "7", total: 12.5 } }

/** A CloudEvent as a sidecar 1.14 delivers it. */
const cloudEvent = (fields: object = { data: order }) => ({
  specversion: "1.0",
  id: "9f2c",
  source: "order-service",
  type: "com.dapr.event.sent",
  datacontenttype: "application/json",
  pubsubname: "pubsub",
  topic: "orders.order.completed",
  time: "2026-11-24T20:45:58Z",
  traceid: "",
  ...fields
})

const bulkOf = (...events: ReadonlyArray<unknown>) => ({
  entries: events.map((event, index) => ({
    entryId: `entry-${index}`,
    event,
    contentType: "application/cloudevents+json",
    metadata: null
  })),
  id: "6564",
  metadata: { pubsubName: "pubsub" },
  pubsubname: "pubsub",
  topic: "orders.order.completed",
  type: "com.dapr.event.sent.bulk"
})

const messagesIn = (body: unknown) => Delivery.read(body, "the.route").messages

const dataIn = (fields: object) => messagesIn(cloudEvent(fields))[0]?.data

describe("a delivery", () => {
  const message = { topic: "orders.order.completed", id: "9f2c", data: order }

  it("of one CloudEvent is a message", () => {
    assert.deepStrictEqual(Delivery.read(cloudEvent(), "the.route"), { messages: [message], entryIds: undefined })
  })

  it("of a bulk is its messages, in order", () => {
    const other = cloudEvent({ id: "a0", topic: "loyalty.points.earned", data: { points: 5 } })
    assert.deepStrictEqual(Delivery.read(bulkOf(cloudEvent(), other), "the.route"), {
      messages: [message, { topic: "loyalty.points.earned", id: "a0", data: { points: 5 } }],
      entryIds: ["entry-0", "entry-1"]
    })
  })

  it("is read the same whether its data came as JSON, as text or as bytes", () => {
    const text = JSON.stringify(order)
    assert.deepStrictEqual(dataIn({ data: text }), order)
    assert.deepStrictEqual(dataIn({ data: text, datacontenttype: "text/plain" }), order)
    assert.deepStrictEqual(dataIn({ data_base64: btoa(text), datacontenttype: "application/octet-stream" }), order)
  })

  it("of what was published raw is that, on the topic of its route", () => {
    const [raw, again, other] = [order, order, { ...order, eventId: "2" }].flatMap(messagesIn)
    assert.deepStrictEqual([raw?.topic, raw?.data], ["the.route", order])
    assert.strictEqual(raw?.id, again?.id)
    assert.notStrictEqual(raw?.id, other?.id)
  })

  it("of what makes no sense is a message all the same", () => {
    assert.strictEqual(dataIn({ data: "{broken" }), "{broken")
    assert.strictEqual(dataIn({ data_base64: "AAAA" }), "\u0000\u0000\u0000")
    assert.strictEqual(dataIn({ data_base64: 7 }), null)
    assert.strictEqual(dataIn({ data: undefined }), null)
    assert.deepStrictEqual(dataIn({ data: [1] }), [1])
    assert.deepStrictEqual(messagesIn(bulkOf())[0]?.data, bulkOf())
    assert.deepStrictEqual(messagesIn({ entries: [{ event: 1 }] })[0]?.data, { entries: [{ event: 1 }] })
  })

  it("names itself by what may stand in a database", () => {
    const long = "x".repeat(201)
    for (const fields of [
      { id: "", topic: "" },
      { id: 7, topic: null },
      { id: long, topic: long }
    ]) {
      const [read] = messagesIn(cloudEvent({ data: order, ...fields }))
      assert.strictEqual(read?.topic, "the.route")
      assert.match(read?.id ?? "", /^[0-9a-f]{64}$/)
    }
  })

  it.each([5_000, 100_000])("nested %i levels deep is not kept", (levels) => {
    const deep = JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`)
    const shown = "nested too deeply to be kept"
    assert.deepStrictEqual(
      [deep, cloudEvent({ data: deep }), bulkOf(deep)].flatMap(messagesIn).map(({ data }) => data),
      [shown, shown, shown]
    )
  })
})

const values = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom("specversion", "id", "topic", "data", "data_base64", "entries"), fc.jsonValue()),
  fc.array(fc.oneof(fc.jsonValue(), fc.record({ data: fc.string() }).map(cloudEvent))).map((all) => bulkOf(...all)),
  fc.array(fc.jsonValue()).map((entries) => ({ entries }))
)

/** As it comes out of the text of a request. */
const bodies = values.map((value): unknown => JSON.parse(JSON.stringify(value)))

describe("any body", () => {
  test.prop([bodies])("is messages that can be kept, the same each time, and an answer for each", (body) => {
    const delivery = Delivery.read(body, "the.route")
    assert.isNotEmpty(delivery.messages)
    assert.deepStrictEqual(Delivery.read(JSON.parse(JSON.stringify(body)), "the.route"), delivery)
    for (const { data, id, topic } of delivery.messages) {
      assert.isNotEmpty(id)
      assert.isNotEmpty(topic)
      assert.isString(JSON.stringify(data))
    }
    const answer = Delivery.again(delivery)
    assert.lengthOf("statuses" in answer ? answer.statuses : [answer], delivery.messages.length)
  })
})

describe("an answer", () => {
  const [single, bulk] = [Delivery.read(cloudEvent(), "t"), Delivery.read(bulkOf(cloudEvent(), cloudEvent()), "t")]
  const ofBulk = (status: "SUCCESS" | "RETRY") => ({
    statuses: [
      { entryId: "entry-0", status },
      { entryId: "entry-1", status }
    ]
  })

  it.each(["applied", "known", "parked"] as const)("to what is %s is that it was taken in", (fate) => {
    assert.deepStrictEqual(Delivery.answer(single, [fate]), { status: "SUCCESS" })
    assert.deepStrictEqual(Delivery.answer(bulk, [fate, fate]), ofBulk("SUCCESS"))
  })

  it("to what is dead is to drop it, and in a bulk that it was taken in", () => {
    assert.deepStrictEqual(Delivery.answer(single, ["dead"]), { status: "DROP" })
    assert.deepStrictEqual(Delivery.answer(bulk, ["applied", "dead"]), ofBulk("SUCCESS"))
  })

  it("to what cannot be taken in now is to deliver all of it again", () => {
    assert.deepStrictEqual(Delivery.again(single), { status: "RETRY" })
    assert.deepStrictEqual(Delivery.again(bulk), ofBulk("RETRY"))
  })
})
