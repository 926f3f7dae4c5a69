import { assert, describe, it } from "@effect/vitest"
import { freshWord } from "@customer-service/core/testing"
import { fc, test } from "@fast-check/vitest"
import { Array } from "effect"
import { bulksOf } from "../src/bulks.ts"
import { someEvent } from "./support/events.ts"

const charactersOf = (event: ReturnType<typeof someEvent>) => JSON.stringify(event.envelope).length
const text = "x".repeat(300_000)

const events = fc
  .array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("", text, text.repeat(4))), { maxLength: 40 })
  .map((kinds) => kinds.map(([topic, note]) => someEvent(topic, { note })))

describe("bulks", () => {
  test.prop([events])("hold every event once, of one topic each, and no more than the sidecar takes", (given) => {
    const bulks = bulksOf(given)
    assert.sameMembers(
      bulks.flatMap((bulk) => bulk.events),
      given
    )
    for (const bulk of bulks) {
      assert.isTrue(bulk.events.every(({ topic }) => topic === bulk.topic))
      const characters = bulk.events.reduce((sum, event) => sum + charactersOf(event), 0)
      assert.isTrue(bulk.events.length === 1 || characters <= 1_000_000)
    }
  })

  it("are as few as can be", () => {
    const many = Array.makeBy(250, () => someEvent("a", { word: freshWord() }))
    assert.deepStrictEqual(
      bulksOf(many).map((bulk) => bulk.events.length),
      [100, 100, 50]
    )
  })
})
