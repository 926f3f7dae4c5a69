import type { Scenario } from "./Bench.ts"
import { alternate, closed, runTogether } from "./slices.ts"

/** A few customers that are always cached: how many reads one process answers, and what each costs. */
export const hotRead: Scenario = async (bench) => ({
  scenario: "hot-read",
  groups: await alternate(bench, (service) =>
    runTogether(bench, service, [{ label: "hot read", workload: { name: "hot-read", customers: 100 }, load: closed }])
  )
})
