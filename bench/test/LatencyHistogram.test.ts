import { describe, expect, it } from "vitest"
import { LatencyHistogram } from "../src/load/LatencyHistogram.ts"

const histogramOf = (latencies: ReadonlyArray<number>): LatencyHistogram => {
  const histogram = new LatencyHistogram()
  for (const latency of latencies) histogram.record(latency)
  return histogram
}

const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe("LatencyHistogram", () => {
  it("gives exact percentiles of short latencies", () => {
    const histogram = histogramOf(oneTo(100))
    expect([0.5, 0.95, 0.99, 1].map((fraction) => histogram.percentile(fraction))).toEqual([50, 95, 99, 100])
  })

  it("stays within 1.6 % of long latencies", () => {
    for (const latency of [128, 1000, 12_345, 999_999, 60_000_000]) {
      const found = histogramOf([latency]).percentile(0.5)
      expect(Math.abs(found - latency) / latency).toBeLessThan(0.016)
    }
  })

  it("keeps longer latencies after shorter ones", () => {
    const found = oneTo(5000).map((index) => histogramOf([index * 7]).percentile(1))
    expect(found).toEqual(found.toSorted((one, other) => one - other))
  })

  it("counts a latency of hours among the longest it knows", () => {
    expect(histogramOf([1e12]).percentile(0.5)).toBeGreaterThan(1e9)
  })

  it("has no percentile without latencies", () => {
    expect(new LatencyHistogram().percentile(0.5)).toBeNaN()
  })

  it("comes back the same from its JSON form", () => {
    const histogram = histogramOf([1, 50, 4000, 4000, 1_000_000])
    const copy = new LatencyHistogram(JSON.parse(JSON.stringify(histogram)))
    expect([0.2, 0.5, 1].map((fraction) => copy.percentile(fraction))).toEqual(
      [0.2, 0.5, 1].map((fraction) => histogram.percentile(fraction))
    )
  })
})
