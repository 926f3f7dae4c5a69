/** Requests at an even pace. Moments are in milliseconds on one clock. */
export interface Pace {
  readonly start: number
  readonly perSecond: number
  /** How many requests there are in all. */
  readonly requests: number
}

/** When request `index`, counted from 0, should go out. */
export const intendedAt = (pace: Pace, index: number): number => pace.start + (index * 1000) / pace.perSecond

/** How many requests should have gone out by `now`. */
export const dueBy = (pace: Pace, now: number): number => {
  if (now < pace.start) return 0
  // Rounding may put a moment a hair before the request that it is computed from.
  const due = Math.floor(((now - pace.start) * pace.perSecond) / 1000 + 1e-6) + 1
  return Math.min(due, pace.requests)
}
