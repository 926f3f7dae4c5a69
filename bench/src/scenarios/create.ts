import type { Scenario } from "./Bench.ts"
import { alternate, runTogether, type Slice } from "./slices.ts"

const creates: Slice = {
  label: "create",
  workload: { name: "create" },
  load: { mode: "closed", connections: 4 }
}

const readsAlone: Slice = {
  label: "reads at 500/s, no creates",
  workload: { name: "hot-read", customers: 100 },
  load: { mode: "paced", connections: 16, perSecond: 500 }
}

const readsBeside: Slice = { ...readsAlone, label: "reads at 500/s beside creates" }

/** Customers with passwords, and what their hashing does to reads that come in meanwhile. */
export const create: Scenario = async (bench) => ({
  scenario: "create",
  groups: await alternate(bench, async (service) => {
    const alone = await runTogether(bench, service, [readsAlone])
    const created = await runTogether(bench, service, [creates])
    const together = await runTogether(bench, service, [creates, readsBeside])
    return [...created, ...alone, ...together.filter(([label]) => label === readsBeside.label)]
  })
})
