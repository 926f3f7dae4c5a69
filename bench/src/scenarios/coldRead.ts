import { emptyCache } from "../cache.ts"
import type { Scenario } from "./Bench.ts"
import { alternate, closed, runTogether } from "./slices.ts"

/** Each customer once, on a cache that was emptied before: every read goes to the database. */
export const coldRead: Scenario = async (bench) => ({
  scenario: "cold-read",
  groups: await alternate(bench, async (service) => {
    await emptyCache(bench.surroundings[service.name].redisUrl)
    return runTogether(bench, service, [{ label: "cold read", workload: { name: "cold-read" }, load: closed }])
  })
})
