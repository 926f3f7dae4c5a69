import { describe, expect, it } from "vitest"
import { dueBy, intendedAt, type Pace } from "../src/load/pacing.ts"

const pace: Pace = { start: 1000, perSecond: 2000, requests: 6000 }

describe("pacing", () => {
  it("spaces requests evenly", () => {
    expect([0, 1, 2000].map((index) => intendedAt(pace, index))).toEqual([1000, 1000.5, 2000])
  })

  it("has the first request due at the start, and none before", () => {
    expect([dueBy(pace, 999.9), dueBy(pace, 1000)]).toEqual([0, 1])
  })

  it("has every request due at the moment it is intended for", () => {
    for (const perSecond of [3, 500, 700, 2000]) {
      const odd: Pace = { start: 123.456, perSecond, requests: 10_000 }
      for (let index = 0; index < odd.requests; index++) {
        expect(dueBy(odd, intendedAt(odd, index))).toBe(index + 1)
      }
    }
  })

  it("has all that a stall kept back due at its end", () => {
    expect(dueBy(pace, 1100) - dueBy(pace, 1000)).toBe(200)
  })

  it("never has more due than there are", () => {
    expect(dueBy(pace, 1_000_000)).toBe(6000)
  })
})
