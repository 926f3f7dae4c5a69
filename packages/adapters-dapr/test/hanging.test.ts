import { assert, describe, it } from "@effect/vitest"
import { Array, Duration, Effect } from "effect"
import { someEvent } from "./support/events.ts"
import { fakeSidecar, published } from "./support/fakeSidecar.ts"
import { fatesOf, publisherTo, reasonOf } from "./support/publishing.ts"
import { until } from "./support/servers.ts"

describe("a sidecar that does not answer", () => {
  it.live("is waited for once, however many events there are", () =>
    Effect.gen(function* () {
      const { port } = yield* fakeSidecar(() => undefined)
      const publisher = yield* publisherTo(port, { timeoutMillis: 300, concurrency: 2 })
      const events = Array.makeBy(1000, (index) => someEvent(`topic-${index % 4}`))
      const [took, fates] = yield* Effect.timed(fatesOf(publisher, events))
      assert.deepStrictEqual(fates, Array.replicate("BusUnavailable", 1000))
      assert.isBelow(Duration.toMillis(took), 1000)
      assert.strictEqual(yield* reasonOf(publisher, someEvent()), "the sidecar gave no answer within 300 ms")
    })
  )

  it.live("is waited for no longer when its answer has begun", () =>
    Effect.gen(function* () {
      const { port } = yield* fakeSidecar((_, response) => void response.writeHead(200).write("{"))
      const publisher = yield* publisherTo(port, { timeoutMillis: 200 })
      assert.deepStrictEqual(
        yield* fatesOf(publisher, [someEvent(), someEvent()]),
        Array.replicate("BusUnavailable", 2)
      )
    })
  )

  it.live("is left with no open request, and is asked again the next time", () =>
    Effect.gen(function* () {
      let isAwake = false
      const { load, port } = yield* fakeSidecar(() => (isAwake ? published : undefined))
      const publisher = yield* publisherTo(port, { timeoutMillis: 200 })
      const events = Array.makeBy(20, (index) => someEvent(`topic-${index}`))
      yield* fatesOf(publisher, events)
      yield* until(() => load.open === 0)
      isAwake = true
      assert.deepStrictEqual(yield* fatesOf(publisher, events), Array.replicate("published", 20))
    })
  )
})
