import { assert, describe, it } from "@effect/vitest"
import { CorrelationId, Email } from "@customer-service/core"
import { Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { granted } from "../src/document/authExamples.ts"
import { Api, bearerUse, type Calls, type ClientOptions, CustomerServiceClient } from "../src/index.ts"
import { failing, fakeService } from "./support/fakeService.ts"
import { operations } from "./support/operations.ts"

const sessionGranted = { status: 200, body: { success: true, data: granted } }
const email = Email.Email.make("jane.smith@example.com")

const logIn = Effect.flatMap(CustomerServiceClient, (calls) =>
  calls.logIn({ payload: { email, password: Redacted.make("securePassword123") } })
)

const uses = Object.values(Api.groups)
  .flatMap((group) => Object.values(group.endpoints))
  .map((endpoint) => ({ id: endpoint.identifier, use: bearerUse(endpoint) }))
const idsOf = (use: ReturnType<typeof bearerUse>) =>
  uses.filter((each) => each.use === use).map(({ id }) => ({ id: id as keyof Calls }))

/** The authorization that an operation is called with; it is answered with a failure. */
const sentBy = (id: keyof Calls, options: Pick<ClientOptions, "token">) => {
  const service = fakeService(failing(500, "INTERNAL_ERROR"))
  return Effect.gen(function* () {
    yield* Effect.flip(operations[id](yield* CustomerServiceClient))
    return service.requests.map(({ headers }) => headers["authorization"])
  }).pipe(Effect.provide(service.clientWith(options)))
}

describe("a client without a token", () => {
  it.effect("logs in, and gets tokens that no log shows", () => {
    const service = fakeService(sessionGranted)
    return Effect.gen(function* () {
      const session = yield* logIn
      assert.strictEqual(Redacted.value(session.accessToken), granted.accessToken)
      assert.strictEqual(Redacted.value(session.refreshToken), granted.refreshToken)
      assert.strictEqual(session.customerId, granted.customerId)
      assert.notInclude(JSON.stringify(session), granted.refreshToken)
    }).pipe(Effect.provide(service.clientWith({})))
  })

  it.effect.each(uses)("calls $id, and sends no authorization", ({ id }) =>
    Effect.map(sentBy(id as keyof Calls, {}), (sent) => assert.deepStrictEqual(sent, [undefined]))
  )
})

describe("a client with a token", () => {
  const token = Redacted.make("a.b.c")

  it.effect.each(idsOf("ignored"))("does not send it with $id", ({ id }) =>
    Effect.map(sentBy(id, { token }), (sent) => assert.deepStrictEqual(sent, [undefined]))
  )

  it.effect.each(idsOf("optional"))("sends it with $id", ({ id }) =>
    Effect.map(sentBy(id, { token }), (sent) => assert.deepStrictEqual(sent, ["Bearer a.b.c"]))
  )

  it.effect("can renew it by a refresh, which asks for none", () => {
    const service = fakeService(sessionGranted, failing(404, "CUSTOMER_NOT_FOUND"))
    const renewed = Effect.gen(function* () {
      const calls = yield* CustomerServiceClient
      const { accessToken } = yield* calls.refreshSession({ payload: { refreshToken: Redacted.make("r") } })
      return accessToken
    }).pipe(Effect.provide(service.clientWith({ token: Effect.die("asked for a token") })), Effect.orDie)
    return Effect.gen(function* () {
      const calls = yield* CustomerServiceClient
      yield* Effect.flip(calls.listSessions({ params: { customerId: "1" } }))
      assert.strictEqual(service.requests[1]?.headers["authorization"], `Bearer ${granted.accessToken}`)
    }).pipe(Effect.provide(service.clientWith({ token: renewed })))
  })
})

describe("a call that needs no token", () => {
  it.effect("carries the correlation id of the work it belongs to", () => {
    const service = fakeService(sessionGranted)
    return Effect.gen(function* () {
      yield* Effect.provideService(logIn, CorrelationId, "sign-in-7")
      assert.strictEqual(service.requests[0]?.headers["x-correlation-id"], "sign-in-7")
    }).pipe(Effect.provide(service.clientWith({})))
  })

  it.effect.each([...idsOf("ignored"), ...idsOf("optional")])("is not sent again where $id must wait", ({ id }) => {
    const service = fakeService(failing(503, "SERVICE_UNAVAILABLE", { "retry-after": "1" }))
    return Effect.gen(function* () {
      const call = yield* Effect.forkChild(Effect.flip(operations[id](yield* CustomerServiceClient)))
      yield* TestClock.adjust("1 minute")
      const failure = yield* Fiber.join(call)
      assert.strictEqual(failure._tag, "SERVICE_UNAVAILABLE")
      assert.lengthOf(service.requests, 1)
    }).pipe(Effect.provide(service.clientWith({})))
  })

  it.effect("tells at once that there were too many attempts", () => {
    const service = fakeService(failing(429, "TOO_MANY_ATTEMPTS", { "retry-after": "900" }))
    return Effect.gen(function* () {
      const failure = yield* Effect.flip(logIn)
      assert.strictEqual(failure._tag, "TOO_MANY_ATTEMPTS")
    }).pipe(Effect.provide(service.clientWith({})))
  })
})
