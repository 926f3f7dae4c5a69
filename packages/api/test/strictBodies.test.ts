import { assert, describe, it } from "@effect/vitest"
import { inputIssues } from "@customer-service/core"
import { Effect, Layer, Result, Schema } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { granted } from "../src/document/authExamples.ts"
import { Api, PublicAccess, validationFailure } from "../src/index.ts"
import { type Codec, requests } from "./support/codecs.ts"
import { at, operations } from "./support/document.ts"

const issuesOf = (codec: Codec, body: unknown) => {
  const read = Schema.decodeUnknownResult(codec, { errors: "all", onExcessProperty: "error" })(body)
  return Result.isFailure(read) ? inputIssues(read.failure.issue) : []
}

const exampleOf = (id: string) => {
  const operation = operations.find(([each]) => each === id)?.[1]
  return at(operation, "requestBody", "content", "application/json", "example")
}

const claims = ["customerId", "sub", "id", "role", "status"]

describe.each(Object.entries<Codec>(requests))("the body of %s", (id, codec) => {
  it.each(claims)("takes no %s: who is meant stands in the path and in the token", (field) => {
    const issues = issuesOf(codec, Object.assign({ [field]: "0185b4df-2100-7a3e-9c41-5b2f8d6e1a70" }, exampleOf(id)))
    assert.deepStrictEqual(issues, [{ path: field, message: "is not a field here" }])
    assert.strictEqual(validationFailure(issues).code, "VALIDATION_FAILED")
  })
})

const tooLong = "x".repeat(60_000)

describe("a secret beyond any length", () => {
  it.each([
    ["logIn", { email: "jane@example.com", password: tooLong }],
    ["registerCustomer", { email: "jane@example.com", password: tooLong }],
    ["refreshSession", { refreshToken: tooLong }],
    ["logOut", { refreshToken: tooLong }],
    ["verifyEmail", { token: tooLong }],
    ["resetPassword", { token: tooLong, newPassword: tooLong }],
    ["changePassword", { currentPassword: tooLong, newPassword: tooLong }],
    ["confirmPhone", { code: "1234567" }]
  ] as const)("is refused in the body of %s, and not repeated", (id, body) => {
    const issues = issuesOf(requests[id], body)
    assert.isNotEmpty(issues)
    assert.isBelow(JSON.stringify(issues).length, 300)
  })
})

describe("a reason", () => {
  it.each(["", "  ", "x".repeat(501), "two\nlines"])("is one line of text that says something", (reason) => {
    assert.deepStrictEqual(
      issuesOf(requests.suspendCustomer, { reason }).map(({ path }) => path),
      ["reason"]
    )
  })
})

const logOut = HttpRouter.use((router) =>
  Effect.flatMap(
    HttpApiBuilder.endpoint(Api, "auth", "logOut", ({ payload }) =>
      payload?.refreshToken === undefined
        ? Effect.fail({ _tag: "UNAUTHENTICATED", message: "no token", details: [], correlationId: "1" } as const)
        : Effect.succeed({ loggedOut: true } as const)
    ),
    (app) => router.add("POST", "/v1/customers/auth/logout", app)
  )
)

const openDoor = Layer.succeed(PublicAccess, (httpEffect) => httpEffect)

/** The status that a log-out with this body is answered with by a service that knows no access token. */
const statusOfLogOut = (body?: string) =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      HttpRouter.toWebHandler(logOut.pipe(Layer.provide([openDoor, HttpServer.layerServices])), {
        disableLogger: true
      })
    ),
    ({ handler }) =>
      Effect.promise(async () => {
        const headers = body === undefined ? {} : { "content-type": "application/json" }
        const request = new Request("http://service.example/v1/customers/auth/logout", {
          method: "POST",
          headers,
          ...(body === undefined ? {} : { body })
        })
        return (await handler(request)).status
      }),
    ({ dispose }) => Effect.promise(dispose)
  )

describe("a log-out", () => {
  it.effect.each([undefined, "", "{}"])("may come without a refresh token: %j", (body) =>
    Effect.map(statusOfLogOut(body), (status) => assert.strictEqual(status, 401))
  )

  it.effect("may bring the refresh token", () =>
    Effect.map(statusOfLogOut(JSON.stringify({ refreshToken: granted.refreshToken })), (status) =>
      assert.strictEqual(status, 200)
    )
  )

  it.effect.each(['{"sub":"1"}', '"x"', "[]", "{"])("brings nothing else: %s", (body) =>
    Effect.map(statusOfLogOut(body), (status) => assert.strictEqual(status, 400))
  )
})
