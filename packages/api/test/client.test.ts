import { assert, describe, it } from "@effect/vitest"
import { CorrelationId } from "@customer-service/core"
import { BigDecimal, DateTime, Effect, Layer, Redacted } from "effect"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import { john } from "../src/document/customerExamples.ts"
import { type Calls, CustomerServiceClient, failures } from "../src/index.ts"
import { answers, declaredCodes } from "./support/document.ts"
import { type Answer, failing, fakeService } from "./support/fakeService.ts"
import { operations } from "./support/operations.ts"

const johnFound: Answer = {
  status: 200,
  body: { success: true, data: { customer: john } },
  headers: { etag: '"42"' }
}

const params = { customerId: john.id }

const getJohn = Effect.flatMap(CustomerServiceClient, (calls) => calls.getCustomer({ params, headers: {} }))

describe("a call that succeeds", () => {
  it.effect("gives the customer in domain types", () =>
    Effect.gen(function* () {
      const found = yield* getJohn
      if (found === undefined) return assert.fail("no customer")
      const { customer } = found
      assert.strictEqual(customer.id, john.id)
      assert.strictEqual(customer.profile.firstName, "John")
      assert.isTrue(BigDecimal.equals(customer.segment.totalSpent, BigDecimal.fromStringUnsafe("5420.50")))
      assert.isTrue(DateTime.Equivalence(customer.createdAt, DateTime.makeUnsafe("2023-01-15T10:00:00Z")))
      assert.strictEqual(customer.version, 42)
    }).pipe(Effect.provide(fakeService(johnFound).layer))
  )

  it.effect("gives the headers beside it where they are asked for", () =>
    Effect.gen(function* () {
      const calls = yield* CustomerServiceClient
      const [, response] = yield* calls.getCustomer({ params, headers: {}, responseMode: "decoded-and-response" })
      assert.strictEqual(response.headers["etag"], '"42"')
    }).pipe(Effect.provide(fakeService(johnFound).layer))
  )

  it.effect("is not disturbed by fields it does not know", () => {
    const body = { success: true, data: { customer: { ...john, nickname: "Johnny" }, links: [] } }
    return Effect.gen(function* () {
      const found = yield* getJohn
      assert.strictEqual(found?.customer.email, "john.doe@example.com")
    }).pipe(Effect.provide(fakeService({ status: 200, body }).layer))
  })

  it.effect("gives nothing where the version read before still holds", () => {
    const service = fakeService({ status: 304 })
    return Effect.gen(function* () {
      const calls = yield* CustomerServiceClient
      assert.isUndefined(yield* calls.getCustomer({ params, headers: { "if-none-match": '"42"' } }))
      assert.strictEqual(service.requests[0]?.headers["if-none-match"], '"42"')
    }).pipe(Effect.provide(service.layer))
  })
})

describe("a request", () => {
  it.effect("goes to the service's address with the token", () => {
    const service = fakeService(johnFound)
    return Effect.gen(function* () {
      yield* getJohn
      assert.strictEqual(service.requests[0]?.url, `http://service.example/v1/customers/${john.id}`)
      assert.strictEqual(service.requests[0]?.headers["authorization"], "Bearer a.b.c")
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("carries the correlation id of the work it belongs to", () => {
    const service = fakeService(johnFound)
    return Effect.gen(function* () {
      yield* Effect.provideService(getJohn, CorrelationId, "checkout-7")
      assert.strictEqual(service.requests[0]?.headers["x-correlation-id"], "checkout-7")
    }).pipe(Effect.provide(service.layer))
  })

  it.effect("asks for a token each time where tokens are renewed", () => {
    const sent: Array<string | undefined> = []
    const http = HttpClient.make((request) => {
      sent.push(request.headers["authorization"])
      return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 304 })))
    })
    let issued = 0
    const token = Effect.sync(() => Redacted.make(`token-${(issued += 1)}`))
    return Effect.gen(function* () {
      yield* getJohn
      yield* getJohn
      assert.deepStrictEqual(sent, ["Bearer token-1", "Bearer token-2"])
    }).pipe(
      Effect.provide(
        CustomerServiceClient.layer({ baseUrl: "http://service.example", token }).pipe(
          Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
        )
      )
    )
  })
})

const known = (name: string): name is keyof Calls => Object.hasOwn(operations, name)

const declared = answers.flatMap(({ id, media, status }) =>
  known(id) ? declaredCodes(media).map((code) => ({ id, code, status: Number(status) })) : []
)

describe("a call that fails", () => {
  it("is tried below with every code that an operation can answer", () => {
    const elsewhere = ["NOT_FOUND", "METHOD_NOT_ALLOWED"]
    assert.sameMembers([...new Set(declared.map(({ code }) => code)), ...elsewhere], Object.keys(failures))
  })

  it.effect.each(declared)("$id tells $code by its tag", ({ code, id, status }) =>
    Effect.gen(function* () {
      const calls = yield* CustomerServiceClient
      const failure = yield* Effect.flip(operations[id](calls))
      assert.deepEqual<unknown>(failure, { _tag: code, message: "In words", details: [], correlationId: "request-1" })
    }).pipe(Effect.provide(fakeService(failing(status, code, { "retry-after": "3600" })).layer))
  )

  it.effect("is an HttpClientError where the answer is not the service's", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(getJohn)
      assert.isTrue(HttpClientError.isHttpClientError(failure))
    }).pipe(Effect.provide(fakeService({ status: 502, body: "Bad Gateway" }).layer))
  )
})
