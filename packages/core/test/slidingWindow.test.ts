import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { assess, windowMillis } from "../src/request/RateLimiter.ts"

const limit = fc.integer({ min: 1, max: 10_000 })
const elapsed = fc.integer({ min: 0, max: windowMillis - 1 })
const counts = limit.chain((most) =>
  fc.record({ limit: fc.constant(most), current: fc.nat(most), previous: fc.nat(most), elapsed })
)

/** How many of `calls` calls at one moment are let through. */
const admitted = (current: number, previous: number, at: number, most: number, calls: number): number => {
  let count = current
  for (let call = 0; call < calls; call += 1) if (assess(count, previous, at, most).allowed) count += 1
  return count - current
}

describe("the sliding window", () => {
  it.prop([counts])("says how many calls remain, and lets exactly those through", ({ current, previous, ...rest }) => {
    const state = assess(current, previous, rest.elapsed, rest.limit)
    assert.isAtLeast(state.remaining, 0)
    assert.isBelow(state.remaining, rest.limit)
    const after = current + (state.allowed ? 1 : 0)
    assert.strictEqual(admitted(after, previous, rest.elapsed, rest.limit, state.remaining + 2), state.remaining)
  })

  it.prop([counts, elapsed])("never refuses later in a window what it lets through earlier", (state, other) => {
    const [early, late] = [Math.min(state.elapsed, other), Math.max(state.elapsed, other)]
    const atOnce = assess(state.current, state.previous, early, state.limit)
    if (atOnce.allowed) assert.isTrue(assess(state.current, state.previous, late, state.limit).allowed)
  })

  it.prop([counts])("never lets more than the limit through in one window", (state) => {
    const { current, previous, limit: most } = state
    assert.isAtMost(current + admitted(current, previous, state.elapsed, most, 50), Math.max(most, current))
  })

  it.prop([limit])("lets the whole limit through where nothing was before, and no more", (most) => {
    assert.isTrue(assess(most - 1, 0, 0, most).allowed)
    assert.isFalse(assess(most, 0, 0, most).allowed)
  })

  it.prop([limit])("lets nothing through at the start of a window after a full one", (most) => {
    assert.isFalse(assess(0, most, 0, most).allowed)
  })

  it.prop([counts])("resets with the window, in whole seconds that are never too few", (state) => {
    const { allowed, resetSeconds } = assess(state.current, state.previous, state.elapsed, state.limit)
    assert.isTrue(Number.isInteger(resetSeconds))
    if (!allowed) return
    assert.isAtLeast(resetSeconds * 1000, windowMillis - state.elapsed)
    assert.isAtMost(resetSeconds, 60)
  })

  it.prop([counts])("lets one who was refused through when she has waited as she was told", (state) => {
    const { current, elapsed: since, limit: most, previous } = state
    const { allowed, resetSeconds } = assess(current, previous, since, most)
    if (allowed) return
    const later = since + resetSeconds * 1000
    const windows = Math.floor(later / windowMillis)
    const counted = [current, 0, 0][windows] ?? 0
    const before = [previous, current, 0][windows] ?? 0
    assert.isTrue(assess(counted, before, later % windowMillis, most).allowed)
    assert.isAtMost(resetSeconds, 120)
  })
})
