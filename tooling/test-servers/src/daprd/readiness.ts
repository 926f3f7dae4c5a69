import { isTaken } from "../ports.ts"
import type { SidecarPlan } from "./plan.ts"

const answersWell = async (url: string): Promise<boolean> => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
  return answer?.ok ?? false
}

/** Whether the sidecar takes messages to publish and has subscribed, or still waits for an application to listen. */
export const isReady = async ({ url, appPort }: SidecarPlan): Promise<boolean> => {
  if (await answersWell(`${url}/v1.0/healthz`)) return true
  if (!(await answersWell(`${url}/v1.0/healthz/outbound`))) return false
  return appPort !== undefined && !(await isTaken(appPort))
}
