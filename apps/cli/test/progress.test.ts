import { describe, expect, it } from "vitest"
import { bar, jsonLine } from "../src/progress.ts"

describe("progress", () => {
  it("is a bar with what is done, how fast, and how long it will take", () => {
    expect(bar({ done: 250, total: 1000, seconds: 5 }, 80)).toBe(
      "███████░░░░░░░░░░░░░░░░░░░░░░░  25%  250/1000  50/s 15 s left"
    )
  })

  it("starts without a guess, and ends full", () => {
    expect(bar({ done: 0, total: 10, seconds: 0 }, 80)).toBe(`${"░".repeat(30)}   0%  0/10  0/s`)
    expect(bar({ done: 10, total: 10, seconds: 2 }, 80)).toBe(`${"█".repeat(30)} 100%  10/10  5/s 0 s left`)
  })

  it("never breaks the line of a narrow terminal", () => {
    expect(bar({ done: 250, total: 1000, seconds: 5 }, 20).length).toBeLessThan(20)
  })

  it("is one line of JSON where nobody watches", () => {
    expect(jsonLine({ done: 250, total: 1000, seconds: 5.04 })).toBe(
      '{"done":250,"total":1000,"seconds":5,"perSecond":50}'
    )
  })
})
