import { assert, describe, it } from "@effect/vitest"
import { storable } from "../src/value/storable.ts"

const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels))

describe("what others sent is made fit to be stored", () => {
  it("keeps what any store can keep as it is", () => {
    const value = { text: "Zoë \u{1F600}", list: [1, null, true], inner: { "": "empty key" } }
    assert.deepStrictEqual(storable(value), value)
  })

  it("replaces U+0000 and lone surrogates, in names too", () => {
    assert.deepStrictEqual<unknown>(storable({ "a\0": ["b\0", "\uD800"] }), { "a\uFFFD": ["b\uFFFD", "\uFFFD"] })
  })

  it("cuts off what is nested without end", () => {
    assert.isBelow(JSON.stringify(storable(nested(10_000))).length, 200)
  })
})
