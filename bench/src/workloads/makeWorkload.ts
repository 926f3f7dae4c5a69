import type { Target } from "../load/Connection.ts"
import type { Workload } from "../load/Workload.ts"
import { activeCustomers, customers } from "../seededCustomers.ts"
import { coldRead } from "./coldRead.ts"
import { create } from "./create.ts"
import { deliver } from "./deliver.ts"
import { hotRead } from "./hotRead.ts"
import { KnownVersions } from "./KnownVersions.ts"
import { logIn } from "./logIn.ts"
import { publish } from "./publish.ts"
import { readAndUpdate } from "./readAndUpdate.ts"
import { update } from "./update.ts"
import { walk } from "./walk.ts"
import type { WorkloadSpec } from "./WorkloadSpec.ts"
import { zipfSample } from "./zipf.ts"

const sampleSize = 1 << 20
const exponent = 1

/** Makes workloads; one with a memory goes on where the slice before left off on the same service. */
export const workloads = () => {
  const kept = new Map<string, Workload>()
  let sample: Uint32Array | undefined

  const fresh = (spec: WorkloadSpec, token: string): Workload => {
    switch (spec.name) {
      case "hot-read":
        return hotRead(token, spec.customers)
      case "walk":
        return walk(token, spec.beginnings)
      case "cold-read":
        return coldRead(token, customers)
      case "update":
        return update(token, spec.customers)
      case "publish":
        return publish(spec.events)
      case "deliver":
        return deliver(token, spec.firstOrder)
      case "create":
        return create(token)
      case "log-in":
        return logIn()
      case "read-and-update":
        sample ??= zipfSample(activeCustomers, exponent, sampleSize)
        return readAndUpdate(token, sample, new KnownVersions(activeCustomers))
    }
  }

  return (spec: WorkloadSpec, { port, token }: Target): Workload => {
    const key = `${port} ${JSON.stringify(spec)}`
    const workload = kept.get(key) ?? fresh(spec, token)
    kept.set(key, workload)
    return workload
  }
}
