import { freshCustomerId } from "@customer-service/core/testing"
import { FileMailer } from "@customer-service/adapters-mail"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { filesIn, freshFolder } from "./support/folder.ts"
import { mailerOf } from "./support/mailers.ts"
import { textGateway } from "./support/textGateway.ts"

const sender = Effect.fnUntraced(function* (smsUrl: Redacted.Redacted) {
  const directory = yield* freshFolder
  const { kept, sendText } = yield* mailerOf(FileMailer.layer({ directory, smsUrl }))
  const customerId = freshCustomerId()
  return {
    directory,
    kept: kept(customerId),
    send: sendText({ customerId, to: "+1-555-0123", text: "Your code is 012345" })
  }
})

describe("a text message by way of a gateway", () => {
  it.live("is posted as JSON, and kept nowhere", () =>
    Effect.gen(function* () {
      const gateway = yield* textGateway()
      const { directory, kept, send } = yield* sender(gateway.url())
      yield* send
      assert.deepStrictEqual(gateway.requests, [
        {
          method: "POST",
          path: "/send?from=shop",
          authorization: "",
          type: "application/json",
          body: JSON.stringify({ to: "+1-555-0123", text: "Your code is 012345" })
        }
      ])
      assert.deepStrictEqual([yield* kept, filesIn(directory)], [[], []])
    })
  )

  it.live("says who we are where the address has a name and a password", () =>
    Effect.gen(function* () {
      const gateway = yield* textGateway()
      const { send } = yield* sender(gateway.url("shop:p%2Fw@"))
      yield* send
      assert.strictEqual(gateway.requests[0]?.authorization, `Basic ${btoa("shop:p/w")}`)
    })
  )

  it.live("is rejected for good where the gateway will not have it, else for now", () =>
    Effect.gen(function* () {
      const gateway = yield* textGateway()
      const { send } = yield* sender(gateway.url())
      for (const [status, permanent] of [
        [400, true],
        [422, true],
        [401, false],
        [404, false],
        [429, false],
        [500, false],
        [503, false],
        [302, false]
      ] as const) {
        gateway.state.status = status
        assert.strictEqual((yield* Effect.flip(send)).permanent, permanent, String(status))
      }
      assert.isTrue(gateway.requests.every(({ path }) => path !== "/elsewhere"))
    })
  )

  it.live(
    "is rejected for now where nobody answers, within seconds",
    () =>
      Effect.gen(function* () {
        const away = yield* sender(Redacted.make("http://127.0.0.1:1/"))
        assert.isFalse((yield* Effect.flip(away.send)).permanent)
        const gateway = yield* textGateway()
        gateway.state.status = undefined
        const { send } = yield* sender(gateway.url())
        const given = yield* Effect.timeout(Effect.flip(send), "8 seconds")
        assert.isFalse(given.permanent)
      }),
    20_000
  )
})
