import { measurementOf } from "../Measurement.ts"
import { createDatabase } from "../seed.ts"
import { startService } from "../services.ts"
import type { Bench, Group, Scenario } from "./Bench.ts"

const customers = 1_000_000
const newest = Date.parse("2025-06-01T00:00:00Z")
const spacingMillis = 90_000
const depths = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]

const filters: Readonly<Record<string, string>> = {
  "list, no filter": "",
  "list, status=suspended": "&status=suspended",
  "list, q=lov (common)": "&q=lov",
  "list, q=customer4321 (rare)": "&q=customer4321",
  "list, q=ada and status=pending": "&q=ada&status=pending"
}

interface Page {
  readonly data: { readonly page: { readonly nextCursor?: string } }
}

/** A path to go on from at a depth: the cursor is the one that a page created before that moment ends with. */
const beginningAt = async (port: number, token: string, filter: string, depth: number): Promise<string> => {
  const path = `/v1/customers?limit=50${filter}`
  const before = new Date(newest - depth * customers * spacingMillis).toISOString()
  const answer = await fetch(`http://127.0.0.1:${port}${path}&createdBefore=${encodeURIComponent(before)}`, {
    headers: { authorization: `Bearer ${token}` }
  })
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`)
  const { nextCursor } = ((await answer.json()) as Page).data.page
  return nextCursor === undefined ? path : `${path}&cursor=${nextCursor}`
}

const measureList = async (bench: Bench, databaseUrl: string): Promise<ReadonlyArray<Group>> => {
  const service = await startService("ours", { ...bench.surroundings.ours, databaseUrl })
  try {
    const groups: Array<Group> = []
    for (const [label, filter] of Object.entries(filters)) {
      const beginnings = await Promise.all(
        depths.map((depth) => beginningAt(service.port, bench.tokens.staff, filter, depth))
      )
      const before = await service.metrics()
      const [result] = await bench.generator.run([
        {
          target: { port: service.port, token: bench.tokens.staff },
          workload: { name: "walk", beginnings },
          load: { mode: "closed", connections: 1 },
          seconds: bench.options.seconds
        }
      ])
      if (result === undefined) throw new Error(`${label} has no result`)
      groups.push({ label, slices: [measurementOf(service.name, result, before, await service.metrics())] })
    }
    return groups
  } finally {
    await service.stop()
  }
}

/** A million customers, walked page by page from several depths; of our service alone, as the peer has no lists. */
export const list: Scenario = async (bench) => {
  if (!bench.options.services.includes("ours")) return { scenario: "list", groups: [] }
  bench.tell(`Filling a database with ${customers.toLocaleString("en")} customers`)
  const databaseUrl = await createDatabase(bench.databaseServerUrl, "bench_list", customers)
  return { scenario: "list", groups: await measureList(bench, databaseUrl) }
}
