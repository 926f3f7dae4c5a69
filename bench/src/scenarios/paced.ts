import type { Scenario } from "./Bench.ts"
import { alternate, fillCache, runTogether } from "./slices.ts"

const load = { mode: "paced", connections: 64, perSecond: 2000 } as const

/** Nine reads to one update at 2,000 requests a second, whatever the service does. */
export const paced: Scenario = async (bench) => {
  for (const service of bench.services) await fillCache(bench, service)
  return {
    scenario: "paced",
    groups: await alternate(bench, (service) =>
      runTogether(bench, service, [{ label: "90/10 at 2,000/s", workload: { name: "read-and-update" }, load }])
    )
  }
}
