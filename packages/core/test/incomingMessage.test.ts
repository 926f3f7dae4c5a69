import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import { LegacyId } from "../src/customer/CustomerId.ts"
import { topics } from "../src/order/IncomingMessage.ts"
import { customerId, entry, envelope, givenUp, order, orderWith, points, read, without } from "./messageScene.ts"

describe("an order that was completed", () => {
  it("is read with its customer, correlation and total", () => {
    const message = order(envelope)
    assert.deepInclude(message, {
      topic: topics.orders,
      eventId: "evt_order_1",
      customer: { _tag: "Id", id: customerId },
      correlationId: "corr_1",
      message: envelope,
      orderId: "ord_789",
      total: "129.9"
    })
    assert.deepStrictEqual(message.occurredAt, DateTime.makeUnsafe("2024-10-30T10:00:01Z"))
    assert.deepStrictEqual(message.completedAt, DateTime.makeUnsafe("2024-10-30T10:00:00Z"))
  })

  it("may name its customer by either id, as text or as a number", () => {
    assert.deepStrictEqual(order(orderWith({ customerId: customerId.toUpperCase() })).customer, {
      _tag: "Id",
      id: customerId
    })
    for (const legacy of [4_294_967_295, "4294967295"]) {
      assert.deepInclude(order(orderWith({ customerId: legacy })).customer, { legacyId: LegacyId.make(4_294_967_295) })
    }
  })

  it("may have a number for its id, and fields that nobody knows", () => {
    assert.strictEqual(order(orderWith({ orderId: 4711, items: [{ sku: "x" }] }, { tenant: 1 })).orderId, "4711")
  })

  it("may leave out its metadata, or say null of what it may leave out", () => {
    assert.notProperty(order(without("metadata", envelope)), "correlationId")
    const nothing = orderWith({ baseTotal: null, baseCurrency: null }, { metadata: null })
    assert.strictEqual(order(nothing).total, "129.9")
  })

  it.each([
    [0, "0"],
    [0.1, "0.1"],
    [19.99999, "20"],
    [1e9, "1000000000"],
    ["129.90", "129.9"],
    ["0.00005", "0.0001"],
    ["123456789.1234", "123456789.1234"]
  ])("of %j is worth %s", (total, worth) => {
    assert.strictEqual(order(orderWith({ total })).total, worth)
  })

  it("takes a correlation id only where it is fit for a log line", () => {
    for (const correlationId of ["a\nb", "", "x".repeat(129), 7, { id: "x" }]) {
      assert.notProperty(order({ ...envelope, metadata: { correlationId } }), "correlationId")
    }
  })

  it.each(["2024-10-30T10:00:00", "2024-10-30T10:00Z", "2024-10-30T12:00:00+02:00", "2024-10-30T12:00:00.000+0200"])(
    "may be completed at %s",
    (completedAt) => {
      const { epochMilliseconds } = order(orderWith({ completedAt })).completedAt
      assert.strictEqual(epochMilliseconds, Date.UTC(2024, 9, 30, 10))
    }
  )

  it("may be told up to a day ahead of the clock", () => {
    assert.strictEqual(read({ ...envelope, timestamp: "2024-10-31T12:00:00Z" })._tag, "Delivery")
  })
})

describe("an order in another currency", () => {
  it("counts with its base amount where that is in the shop's", () => {
    const euros = { currency: "EUR", total: 100, baseTotal: "108.55", baseCurrency: "USD" }
    assert.strictEqual(order(orderWith(euros)).total, "108.55")
  })

  it("counts with its total where the base amount is the one in another currency", () => {
    assert.strictEqual(order(orderWith({ baseTotal: 100, baseCurrency: "EUR" })).total, "129.9")
  })

  it.each([
    { currency: "EUR" },
    { currency: "EUR", baseTotal: 108.55 },
    { currency: "EUR", baseTotal: null, baseCurrency: "USD" },
    { currency: "EUR", baseTotal: 108.55, baseCurrency: "GBP" },
    { currency: "usd" }
  ])("is given up with %j", (data) => {
    const { detail, reason } = givenUp(read(orderWith(data)))
    assert.deepStrictEqual([reason, detail], ["other_currency", "neither total nor baseTotal is in USD"])
  })
})

describe("points", () => {
  it("are read with and without a balance", () => {
    assert.deepInclude(entry({ balance: 210 }), { points: 10, balance: 210, eventId: "evt_order_1" })
    assert.notProperty(entry({}), "balance")
    assert.notProperty(entry({ balance: null }), "balance")
    assert.strictEqual(entry({ points: -10 }).points, -10)
  })

  it.each([{ points: 1.5 }, { points: "10" }, { points: 1e300 }, { points: null }, { balance: "1" }])(
    "are given up with %j",
    (data) => {
      assert.strictEqual(givenUp(points(data)).reason, "malformed")
    }
  )

  it("that are told more than a day ahead are given up", () => {
    const { detail } = givenUp(points({}, { timestamp: "2024-10-31T12:00:00.001Z" }))
    assert.strictEqual(detail, "timestamp is more than a day ahead of this service's clock")
  })
})
