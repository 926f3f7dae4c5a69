import { expect, it } from "vitest"
import { sumOf } from "../src/serviceMetrics.ts"

const text = `# HELP hits_total Reads
# TYPE hits_total counter
hits_total{kind="a b"} 3
hits_total{kind="}"} 4 1700000000000
hits_total_other 100
process_cpu_seconds_total 1.5e-1
`

it("adds a metric up over its labels", () => {
  expect(sumOf(text, "hits_total")).toBe(7)
})

it("reads numbers with an exponent", () => {
  expect(sumOf(text, "process_cpu_seconds_total")).toBe(0.15)
})

it("takes a metric that does not occur as 0", () => {
  expect(sumOf(text, "misses_total")).toBe(0)
})
