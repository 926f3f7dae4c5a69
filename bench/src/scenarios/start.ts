import { startService } from "../services.ts"
import type { Scenario } from "./Bench.ts"

/** From the spawn of the built service to its answer of being ready, on a migrated database. */
export const start: Scenario = async ({ options, services, surroundings }) => {
  const startMillis: Record<string, Array<number>> = {}
  for (let round = 0; round < options.rounds; round++) {
    for (const { name } of services) {
      const service = await startService(name, surroundings[name])
      startMillis[name] = [...(startMillis[name] ?? []), service.startMillis]
      await service.stop()
    }
  }
  return { scenario: "start", groups: [], startMillis }
}
