import type { Scenario } from "./Bench.ts"
import { alternate, closed, fillCache, runTogether } from "./slices.ts"

/** Nine reads to one update, of customers some of whom are asked for much more often than others. */
export const mixed: Scenario = async (bench) => {
  for (const service of bench.services) await fillCache(bench, service)
  return {
    scenario: "mixed",
    groups: await alternate(bench, (service) =>
      runTogether(bench, service, [{ label: "90/10", workload: { name: "read-and-update" }, load: closed }])
    )
  }
}
