import { assert, describe, it } from "@effect/vitest"
import { Email } from "@customer-service/core"
import { Effect, Fiber } from "effect"
import { HttpClientError } from "effect/http"
import { TestClock } from "effect/testing"
import { jane, john } from "../src/document/customerExamples.ts"
import { CustomerServiceClient } from "../src/index.ts"
import { type Answer, failing, fakeService, silentService } from "./support/fakeService.ts"

const johnFound: Answer = { status: 200, body: { success: true, data: { customer: john } } }
const janeCreated: Answer = { status: 201, body: { success: true, data: { customer: jane } } }
const unavailable = failing(503, "SERVICE_UNAVAILABLE", { "retry-after": "2" })
const limited = failing(429, "RATE_LIMITED", { "retry-after": "5" })

const getJohn = Effect.flatMap(CustomerServiceClient, (calls) =>
  calls.getCustomer({ params: { customerId: john.id }, headers: {} })
)

const createJane = (headers: { readonly "idempotency-key"?: string }) =>
  Effect.flatMap(CustomerServiceClient, (calls) =>
    calls.createCustomer({ headers, payload: { email: Email.Email.make("jane.smith@example.com") } })
  )

describe("a client of a service that cannot answer now", () => {
  it.effect("waits as long as it was told, and asks again", () => {
    const service = fakeService(unavailable, limited, johnFound)
    return Effect.gen(function* () {
      const call = yield* Effect.forkChild(getJohn)
      yield* TestClock.adjust("1999 millis")
      assert.lengthOf(service.requests, 1)
      yield* TestClock.adjust("1 millis")
      assert.lengthOf(service.requests, 2)
      yield* TestClock.adjust("4999 millis")
      assert.lengthOf(service.requests, 2)
      yield* TestClock.adjust("1 millis")
      const found = yield* Fiber.join(call)
      assert.strictEqual(found?.customer.id, john.id)
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("waits until the moment it was told", () => {
    const service = fakeService(
      failing(503, "SERVICE_UNAVAILABLE", { "retry-after": "Thu, 01 Jan 1970 00:00:04 GMT" }),
      johnFound
    )
    return Effect.gen(function* () {
      const call = yield* Effect.forkChild(getJohn)
      yield* TestClock.adjust("3999 millis")
      assert.lengthOf(service.requests, 1)
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(call)
      assert.lengthOf(service.requests, 2)
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("asks again soon where it was told nothing", () => {
    const service = fakeService(failing(503, "SERVICE_UNAVAILABLE"), johnFound)
    return Effect.gen(function* () {
      const call = yield* Effect.forkChild(getJohn)
      yield* TestClock.adjust("99 millis")
      assert.lengthOf(service.requests, 1)
      yield* TestClock.adjust("101 millis")
      yield* Fiber.join(call)
      assert.lengthOf(service.requests, 2)
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("gives up after three attempts and tells the failure", () => {
    const service = fakeService(unavailable)
    return Effect.gen(function* () {
      const call = yield* Effect.forkChild(Effect.flip(getJohn))
      yield* TestClock.adjust("1 minute")
      const failure = yield* Fiber.join(call)
      assert.strictEqual(failure._tag, "SERVICE_UNAVAILABLE")
      assert.lengthOf(service.requests, 3)
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("tells the failure at once where the wait would be too long", () => {
    const service = fakeService(failing(429, "RATE_LIMITED", { "retry-after": "31" }))
    return Effect.gen(function* () {
      const failure = yield* Effect.flip(getJohn)
      assert.strictEqual(failure._tag, "RATE_LIMITED")
      assert.lengthOf(service.requests, 1)
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("does not send a POST again", () => {
    const service = fakeService(unavailable, janeCreated)
    return Effect.gen(function* () {
      const failure = yield* Effect.flip(createJane({}))
      assert.strictEqual(failure._tag, "SERVICE_UNAVAILABLE")
      assert.lengthOf(service.requests, 1)
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("sends a POST again under its Idempotency-Key", () => {
    const service = fakeService(unavailable, janeCreated)
    return Effect.gen(function* () {
      const call = yield* Effect.forkChild(createJane({ "idempotency-key": "sign-up-1" }))
      yield* TestClock.adjust("2 seconds")
      const { customer } = yield* Fiber.join(call)
      assert.strictEqual(customer.id, jane.id)
      assert.deepStrictEqual(
        service.requests.map(({ headers }) => headers["idempotency-key"]),
        ["sign-up-1", "sign-up-1"]
      )
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("does not ask again about anything else", () => {
    const service = fakeService(failing(500, "INTERNAL_ERROR"), johnFound)
    return Effect.gen(function* () {
      const failure = yield* Effect.flip(getJohn)
      assert.strictEqual(failure._tag, "INTERNAL_ERROR")
      assert.lengthOf(service.requests, 1)
    }).pipe(Effect.provide(service.layer))
  })
})

describe("a client of a service that says nothing", () => {
  it.effect("stops waiting after its time-out", () =>
    Effect.gen(function* () {
      const call = yield* Effect.forkChild(Effect.flip(getJohn))
      yield* TestClock.adjust("3 seconds")
      const failure = yield* Fiber.join(call)
      assert.isTrue(HttpClientError.isHttpClientError(failure))
      assert.include(String(failure), "no answer within 3s")
    }).pipe(Effect.provide(silentService({ timeout: "3 seconds" })))
  )
})
