import { assert, describe } from "@effect/vitest"
import { it } from "@fast-check/vitest"
import { DateTime, Schema } from "effect"
import { CustomerId } from "../src/customer/CustomerId.ts"
import { ErasureStatement, signedText } from "../src/privacy/ErasureReceipt.ts"
import { Arbitraries } from "../src/testing/index.ts"

const encode = Schema.encodeSync(ErasureStatement)

/** The same value with the keys of every object in the opposite order. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, turned(inner)])
  )
}

const keysInOrder = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(keysInOrder)
  if (typeof value !== "object" || value === null) return true
  const keys = Object.keys(value)
  return (
    keys.every((key, index) => index === 0 || key > (keys[index - 1] ?? "")) && Object.values(value).every(keysInOrder)
  )
}

describe("the text that a receipt's signature is over", () => {
  it("is one and the same for ever", () => {
    const statement: ErasureStatement = {
      version: 1,
      service: "customer-service",
      customerId: CustomerId.make("01900000-0000-7000-8000-000000000001"),
      requestedAt: DateTime.makeUnsafe("2031-05-06T12:00:00.000Z"),
      startedAt: DateTime.makeUnsafe("2031-06-05T12:00:00.000Z"),
      finishedAt: DateTime.makeUnsafe("2031-06-05T12:00:01.500Z"),
      erased: [{ store: "database", place: "customers", fields: ["email", "first_name"], count: 1 }],
      verified: { stores: ["database", "cache"], identifiers: 3, found: 0 },
      held: [{ store: "event bus", retention: "“bounded” streams\n" }]
    }
    assert.strictEqual(
      signedText(statement),
      `{"customerId":"01900000-0000-7000-8000-000000000001",` +
        `"erased":[{"count":1,"fields":["email","first_name"],"place":"customers","store":"database"}],` +
        `"finishedAt":"2031-06-05T12:00:01.500Z",` +
        `"held":[{"retention":"“bounded” streams\\n","store":"event bus"}],` +
        `"requestedAt":"2031-05-06T12:00:00.000Z","service":"customer-service",` +
        `"startedAt":"2031-06-05T12:00:00.000Z",` +
        `"verified":{"found":0,"identifiers":3,"stores":["database","cache"]},"version":1}`
    )
  })

  it.prop([Arbitraries.erasureStatement])("says the whole statement, keys in order at every level", (statement) => {
    const text = signedText(statement)
    assert.deepStrictEqual(JSON.parse(text), encode(statement))
    assert.isTrue(keysInOrder(JSON.parse(text)))
    assert.notMatch(text, /[\n\r]/)
  })

  it.prop([Arbitraries.erasureStatement])(
    "does not depend on the order in which a receipt was written",
    (statement) => {
      const read = Schema.decodeUnknownSync(ErasureStatement)(turned(encode(statement)))
      assert.strictEqual(signedText(read), signedText(statement))
    }
  )

  it.prop([Arbitraries.erasureStatement, Arbitraries.erasureStatement])(
    "differs for statements that differ",
    (one, other) => {
      const same = JSON.stringify(encode(one)) === JSON.stringify(encode(other))
      assert.strictEqual(signedText(one) === signedText(other), same)
    }
  )
})
