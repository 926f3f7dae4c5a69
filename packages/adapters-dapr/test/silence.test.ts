import { format } from "node:util"
import { assert, it } from "@effect/vitest"
import { Effect, Logger, Redacted } from "effect"
import { vi } from "vitest"
import { someEvent } from "./support/events.ts"
import { fakeSidecar } from "./support/fakeSidecar.ts"
import { fatesOf, publisherTo } from "./support/publishing.ts"

const ways = ["debug", "error", "info", "log", "trace", "warn"] as const

/** All that is written to the console while the scope is open. */
const written = Effect.acquireRelease(
  Effect.sync(() => {
    const lines: Array<string> = []
    const note = (...values: ReadonlyArray<unknown>): void => void lines.push(format(...values))
    return { lines, spies: ways.map((way) => vi.spyOn(console, way).mockImplementation(note)) }
  }),
  ({ spies }) => Effect.sync(() => spies.map((spy) => spy.mockRestore()))
)

it.live("nothing of an event, and no token, is logged when it does not go out", () =>
  Effect.gen(function* () {
    const { lines } = yield* written
    const logged: Array<string> = []
    const logger = Logger.make(({ message }) => void logged.push(format(message)))
    for (const status of [400, 401, 500, undefined]) {
      const reply = status === undefined ? undefined : { status, body: { message: "jane@example.com" } }
      const { port } = yield* fakeSidecar(() => reply)
      const settings = { apiToken: Redacted.make("sesame-open"), timeoutMillis: 100 }
      const publisher = yield* Effect.provide(publisherTo(port, settings), Logger.layer([logger]))
      const events = [someEvent("one"), someEvent("two"), someEvent("two", { email: "jane@example.com" })]
      yield* Effect.provide(fatesOf(publisher, events), Logger.layer([logger]))
    }
    assert.deepStrictEqual([...lines, ...logged], [])
  })
)
