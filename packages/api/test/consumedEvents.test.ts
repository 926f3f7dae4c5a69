import { assert, describe, it } from "@effect/vitest"
import { OrderCompleted, PointsEarned } from "@customer-service/core"
import { Result, Schema } from "effect"
import * as fc from "fast-check"
import { consumedEvents } from "../scripts/events/consumedEvents.ts"
import { errorsOf, strictErrorsOf } from "./support/eventSchemas.ts"

const isTaken = {
  OrderCompleted: (message: unknown) => Result.isSuccess(Schema.decodeUnknownResult(OrderCompleted)(message)),
  LoyaltyPointsEarned: (message: unknown) => Result.isSuccess(Schema.decodeUnknownResult(PointsEarned)(message))
}

const odd = fc.oneof(
  fc.constantFrom(
    null,
    true,
    "",
    " ",
    "0",
    "-1",
    "1.",
    ".5",
    "+5",
    "1e3",
    "1e-999999999",
    "4711",
    "4294967296",
    "0x10"
  ),
  fc.constantFrom("2024-10-30T10:00:00Z", "2024-02-30T10:00:00Z", "2024-10-30T23:59:60Z", "2024-10-30T24:00:00Z"),
  fc.constantFrom(
    "2024-10-30T10:00:00+01:00",
    "2024-10-30 10:00:00Z",
    "2024-10-30",
    "0000-01-01T00:00:00Z",
    "yesterday"
  ),
  fc.constantFrom("USD", "usd", "US\u0000", "1.0", "1.17", "2.0", "10", "OrderCompleted"),
  fc.constantFrom(0, -1, 0.00001, 129.9, 1e9, 1e9 + 1, 4_294_967_296, 2 ** 53, 1e300),
  fc.uuid(),
  fc.constantFrom({}, [], { correlationId: 7 })
)

/** An example of the documents with up to three of its fields replaced. */
const variants = (example: { readonly data: object }) => {
  const replaced = (fields: object) =>
    fc
      .subarray(Object.keys(fields), { maxLength: 3 })
      .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), odd))))
      .map((changes) => ({ ...fields, ...Object.fromEntries(changes) }))
  return fc.oneof(
    replaced(example),
    replaced(example.data).map((data) => ({ ...example, data }))
  )
}

describe.each(consumedEvents)("the schema of $name", ({ example, name }) => {
  const message = JSON.parse(JSON.stringify(example))
  const takes = isTaken[name === "OrderCompleted" ? name : "LoyaltyPointsEarned"]

  it("holds for its example, which the service takes", () => {
    assert.deepStrictEqual(strictErrorsOf(name, message), [])
    assert.isTrue(takes(message))
  })

  it("lets through nothing that the service refuses", () => {
    let through = 0
    fc.assert(
      fc.property(variants(message), (variant) => {
        if (errorsOf(name, variant).length > 0) return
        through += 1
        assert.isTrue(takes(variant))
      }),
      { numRuns: 3000 }
    )
    assert.isAbove(through, 100)
  })

  it("lets a message hold more than the service reads", () => {
    const richer = { ...message, data: { ...message.data, items: [] }, traceparent: "00-1-2-01" }
    assert.deepStrictEqual(errorsOf(name, richer), [])
    assert.isTrue(takes(richer))
  })

  it("takes ids as text and as numbers", () => {
    for (const customerId of [4711, "4711", "0185B4DF-2100-7A3E-9C41-5B2F8D6E1A70"]) {
      const variant = { ...message, data: { ...message.data, customerId } }
      assert.deepStrictEqual(errorsOf(name, variant), [])
      assert.isTrue(takes(variant))
    }
  })

  it("takes null for a field that may be left out", () => {
    const { metadata: _, ...bare } = message
    for (const variant of [bare, { ...message, metadata: null }]) {
      assert.deepStrictEqual(errorsOf(name, variant), [])
      assert.isTrue(takes(variant))
    }
  })
})

describe("an amount", () => {
  it.each(["", " ", "1e-999999999", "-0.01", "1000000000.01", "NaN"])("is refused where it is none: %j", (total) => {
    const [order] = consumedEvents
    const message = JSON.parse(JSON.stringify(order?.example))
    assert.isFalse(isTaken.OrderCompleted({ ...message, data: { ...message.data, total } }))
  })
})
