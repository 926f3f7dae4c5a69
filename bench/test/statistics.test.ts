import { describe, expect, it } from "vitest"
import { addCounts, median, slope } from "../src/statistics.ts"

describe("median", () => {
  it("is the middle, or the mean of the two in the middle", () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, Number.NaN])
  })
})

describe("slope", () => {
  it("is the growth a step of the line that fits best", () => {
    expect(
      slope([
        [0, 10],
        [1, 12],
        [2, 14]
      ])
    ).toBe(2)
  })
})

describe("addCounts", () => {
  it("adds up by name", () => {
    expect(addCounts([{ "404": 1 }, { "404": 2, lost: 1 }])).toEqual({ "404": 3, lost: 1 })
  })
})
