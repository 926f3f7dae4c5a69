import { expect, it } from "vitest"
import { zipfSample } from "../src/workloads/zipf.ts"

const countsOf = (sample: Uint32Array): ReadonlyArray<number> => {
  const counts = new Map<number, number>()
  for (const drawn of sample) counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
  return [...counts.values()].toSorted((one, other) => other - one)
}

it("draws the customer of rank r in proportion to 1 / r", () => {
  const [first = 0, second = 0, third = 0] = countsOf(zipfSample(1000, 1, 200_000))
  expect(first / second).toBeCloseTo(2, 0)
  expect(first / third).toBeCloseTo(3, 0)
})

it("draws customers from 1 to the population alone", () => {
  const sample = zipfSample(50, 1, 10_000)
  expect([Math.min(...sample), Math.max(...sample)]).toEqual([1, 50])
})
