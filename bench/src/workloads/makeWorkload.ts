import type { Workload } from "../load/Workload.ts"
import { coldRead } from "./coldRead.ts"
import { create } from "./create.ts"
import { hotRead } from "./hotRead.ts"
import { KnownVersions } from "./KnownVersions.ts"
import { readAndUpdate } from "./readAndUpdate.ts"
import { walk } from "./walk.ts"
import type { WorkloadSpec } from "./WorkloadSpec.ts"
import { zipfSample } from "./zipf.ts"

const population = 100_000
/** Of all customers those who are about these days. */
const active = 20_000
const sampleSize = 1 << 20
const exponent = 1

/** Makes workloads; those with a memory of what they did go on where the slice before left off. */
export const workloads = () => {
  const versions = new KnownVersions(population)
  const kept = new Map<string, Workload>()
  let sample: Uint32Array | undefined

  const keep = (key: string, make: () => Workload): Workload => {
    const workload = kept.get(key) ?? make()
    kept.set(key, workload)
    return workload
  }

  return (spec: WorkloadSpec, token: string): Workload => {
    if (spec.name === "hot-read") return hotRead(token, spec.customers)
    if (spec.name === "walk") return walk(token, spec.beginnings)
    if (spec.name === "cold-read") return keep(spec.name, () => coldRead(token, population))
    if (spec.name === "create") return keep(spec.name, () => create(token))
    sample ??= zipfSample(active, exponent, sampleSize)
    const drawn = sample
    return keep(spec.name, () => readAndUpdate(token, drawn, versions))
  }
}
