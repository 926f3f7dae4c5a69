import { waitUntil } from "../events/waitUntil.ts"
import type { Service } from "../services.ts"
import { ask } from "./ask.ts"
import { segmentRules } from "./rules.ts"

const path = "/v1/customers/segments"

interface Listed {
  readonly segments: ReadonlyArray<{ readonly recompute?: unknown }>
}

/** Makes the segments, and waits until their rules are in force; answers how many segments there are then. */
export const makeSegments = async (service: Service, token: string): Promise<number> => {
  for (const [name, rule] of Object.entries(segmentRules)) await ask(service, token, "POST", path, { name, rule })
  const list = async () => ((await ask(service, token, "GET", path)) as Listed).segments
  const inForce = await waitUntil(async () => (await list()).every(({ recompute }) => recompute === undefined))
  if (!inForce) throw new Error("The segments are not recomputed within two minutes")
  return (await list()).length
}
