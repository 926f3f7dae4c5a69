import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Redacted } from "effect"
import { idOf, someEvent } from "./support/events.ts"
import { fakeSidecar, published, type Reply } from "./support/fakeSidecar.ts"
import { fatesOf, publisherTo, reasonOf } from "./support/publishing.ts"

const errorCode = (code: string) => ({ errorCode: code, message: "jane@example.com", details: [] })

const replies: ReadonlyArray<readonly [what: string, reply: Reply, fate: string]> = [
  ["400", { status: 400, body: "error reading request body: stream too large" }, "EventRefused"],
  ["400 of the event", { status: 400, body: errorCode("ERR_PUBSUB_EVENTS_SER") }, "EventRefused"],
  ["413", { status: 413, body: "" }, "EventRefused"],
  ["422", { status: 422, body: "{" }, "EventRefused"],
  ["400 without the component", { status: 400, body: errorCode("ERR_PUBSUB_NOT_CONFIGURED") }, "BusUnavailable"],
  ["400 of a component gone", { status: 400, body: errorCode("ERR_PUBSUB_NOT_FOUND") }, "BusUnavailable"],
  ["401", { status: 401, body: "invalid api token" }, "BusUnavailable"],
  ["403", { status: 403, body: errorCode("ERR_PUBSUB_FORBIDDEN") }, "BusUnavailable"],
  ["404", { status: 404, body: errorCode("ERR_PUBSUB_NOT_FOUND") }, "BusUnavailable"],
  ["404 of something else", { status: 404, body: "<html>" }, "BusUnavailable"],
  ["408", { status: 408, body: "" }, "BusUnavailable"],
  ["429", { status: 429, body: "" }, "BusUnavailable"],
  ["500", { status: 500, body: errorCode("ERR_PUBSUB_PUBLISH_MESSAGE") }, "BusUnavailable"],
  ["500 without entries", { status: 500, body: { failedEntries: null } }, "BusUnavailable"],
  ["502", { status: 502, body: "null" }, "BusUnavailable"],
  ["503", { status: 503, body: "[1]" }, "BusUnavailable"]
]

describe("an answer", () => {
  it.live.each(replies)("of %s is told as what it is, of one event and of several", ([, reply, fate]) =>
    Effect.gen(function* () {
      const { port } = yield* fakeSidecar(() => reply)
      const publisher = yield* publisherTo(port)
      assert.deepStrictEqual(yield* fatesOf(publisher, [someEvent()]), [fate])
      assert.deepStrictEqual(
        yield* fatesOf(
          publisher,
          Array.makeBy(3, () => someEvent())
        ),
        [fate, fate, fate]
      )
    })
  )

  it.live("says why in the sidecar's words, and nothing of the event", () =>
    Effect.gen(function* () {
      const { port } = yield* fakeSidecar(() => ({ status: 500, body: errorCode("ERR_PUBSUB_PUBLISH_MESSAGE") }))
      const reason = yield* reasonOf(yield* publisherTo(port), someEvent())
      assert.strictEqual(reason, "the sidecar answered 500 (ERR_PUBSUB_PUBLISH_MESSAGE)")
      const other = yield* fakeSidecar(() => ({ status: 400, body: errorCode("jane@example.com") }))
      assert.strictEqual(yield* reasonOf(yield* publisherTo(other.port), someEvent()), "the sidecar answered 400")
    })
  )

  it.live("that breaks off is the bus's fault", () =>
    Effect.gen(function* () {
      const { port } = yield* fakeSidecar((_, response) => void response.socket?.destroy())
      const publisher = yield* publisherTo(port)
      assert.deepStrictEqual(yield* fatesOf(publisher, [someEvent()]), ["BusUnavailable"])
      assert.strictEqual(yield* reasonOf(publisher, someEvent()), "the sidecar cannot be reached (ECONNRESET)")
    })
  )
})

describe("events of one topic", () => {
  it.live("travel together, and those of another beside them", () =>
    Effect.gen(function* () {
      const { calls, port } = yield* fakeSidecar(() => published)
      const events = ["one", "two", "one", "three", "two", "one"].map((topic) => someEvent(topic))
      assert.deepStrictEqual(yield* fatesOf(yield* publisherTo(port), events), Array.replicate("published", 6))
      const shown = calls.map(({ ids, path }) => [path, ids.length])
      assert.sameDeepMembers(shown, [
        ["/v1.0-alpha1/publish/bulk/pubsub/one", 3],
        ["/v1.0-alpha1/publish/bulk/pubsub/two", 2],
        ["/v1.0/publish/pubsub/three", 1]
      ])
      assert.sameMembers(
        calls.flatMap(({ ids }) => ids),
        events.map(idOf)
      )
    })
  )

  it.live("are told apart where some did not go out", () =>
    Effect.gen(function* () {
      const events = Array.makeBy(4, () => someEvent())
      const failed = events.filter((_, index) => index % 2 === 1).map(idOf)
      const { calls, port } = yield* fakeSidecar(() => ({
        status: 500,
        body: { failedEntries: failed.map((entryId) => ({ entryId, error: "OOM" })), errorCode: "ERR_PUBSUB" }
      }))
      const fates = yield* fatesOf(yield* publisherTo(port), events)
      assert.deepStrictEqual(fates, ["published", "BusUnavailable", "published", "BusUnavailable"])
      assert.lengthOf(calls, 1)
    })
  )

  it.live("count as none of them published where the answer names others", () =>
    Effect.gen(function* () {
      const { port } = yield* fakeSidecar(() => ({ status: 500, body: { failedEntries: [{ entryId: "another" }] } }))
      const fates = yield* fatesOf(yield* publisherTo(port), [someEvent(), someEvent()])
      assert.deepStrictEqual(fates, ["BusUnavailable", "BusUnavailable"])
    })
  )

  it.live("go one by one where they are not taken together, and only the bad one is refused", () =>
    Effect.gen(function* () {
      const events = Array.makeBy(5, () => someEvent())
      const bad = events.map(idOf)[2] ?? ""
      const { port } = yield* fakeSidecar(({ ids }) => (ids.includes(bad) ? { status: 400, body: "" } : published))
      const fates = yield* fatesOf(yield* publisherTo(port), events)
      assert.deepStrictEqual(fates, ["published", "published", "EventRefused", "published", "published"])
    })
  )

  it.live("go one by one through a sidecar that knows of no bulks", () =>
    Effect.gen(function* () {
      const { port } = yield* fakeSidecar(({ isBulk }) => (isBulk ? { status: 404, body: "not found" } : published))
      const events = Array.makeBy(3, () => someEvent())
      assert.deepStrictEqual(yield* fatesOf(yield* publisherTo(port), events), Array.replicate("published", 3))
    })
  )
})

describe("a request", () => {
  it.live("carries the envelope as it is, and the token", () =>
    Effect.gen(function* () {
      const { calls, port } = yield* fakeSidecar(() => published)
      const publisher = yield* publisherTo(port, { apiToken: Redacted.make("sesame-open"), pubsubName: "a b/c" })
      const [single, ...several] = [someEvent("one"), someEvent("two"), someEvent("two")] as const
      yield* fatesOf(publisher, [single, ...several])
      const [one, two] = calls.toSorted((a, b) => Number(a.isBulk) - Number(b.isBulk))
      assert.deepStrictEqual(JSON.parse(one?.text ?? ""), JSON.parse(JSON.stringify(single.envelope)))
      assert.deepStrictEqual(
        JSON.parse(two?.text ?? "").map(({ event }: { readonly event: unknown }) => event),
        several.map(({ envelope }) => envelope)
      )
      for (const { headers, path } of calls) {
        assert.strictEqual(headers["dapr-api-token"], "sesame-open")
        assert.strictEqual(headers["content-type"], "application/json")
        assert.include(path, "/a%20b%2Fc/")
      }
    })
  )

  it.live("waits until fewer than the settings allow are under way", () =>
    Effect.gen(function* () {
      const { load, port } = yield* fakeSidecar(() => published)
      const events = Array.makeBy(40, (index) => someEvent(`topic-${index}`))
      const publisher = yield* publisherTo(port, { concurrency: 3 })
      const all = [fatesOf(publisher, events), fatesOf(publisher, events)]
      const fates = yield* Effect.all(all, { concurrency: "unbounded" })
      assert.deepStrictEqual(new Set(fates.flat()), new Set(["published"]))
      assert.isAtMost(load.most, 3)
    })
  )
})
