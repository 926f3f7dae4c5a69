import type { StreamSpec } from "../load/StreamSpec.ts"
import { type Measurement, measurementOf } from "../Measurement.ts"
import type { Service } from "../services.ts"
import { activeCustomers } from "../seededCustomers.ts"
import type { WorkloadSpec } from "../workloads/WorkloadSpec.ts"
import type { Bench, Group } from "./Bench.ts"

/** As many connections as keep one process busy without making it wait for itself. */
export const closed = { mode: "closed", connections: 64 } as const

/** One slice: what is asked, and how. */
export interface Slice {
  readonly label: string
  readonly workload: WorkloadSpec
  readonly load: StreamSpec["load"]
}

/** Runs slices at once on one service. The CPU time is known only of all together: of more than one it is NaN. */
export const runTogether = async (
  bench: Bench,
  service: Service,
  slices: ReadonlyArray<Slice>
): Promise<ReadonlyArray<readonly [label: string, Measurement]>> => {
  const target = { port: service.port, token: bench.tokens.client }
  const streams = slices.map(({ workload, load }) => ({ target, workload, load, seconds: bench.options.seconds }))
  const before = await service.metrics()
  const results = await bench.generator.run(streams)
  const after = await service.metrics()
  return results.map((result, index) => {
    const measured = measurementOf(service.name, result, before, after)
    const alone = slices.length === 1
    return [slices[index]?.label ?? "", alone ? measured : { ...measured, cpuMillisPer1000: Number.NaN }]
  })
}

/** Lets a service read every active customer, so that what is measured next finds a cache in its usual state. */
export const fillCache = async (bench: Bench, service: Service): Promise<void> => {
  await runTogether(bench, service, [
    { label: "", workload: { name: "hot-read", customers: activeCustomers }, load: closed }
  ])
}

type Measured = ReadonlyArray<readonly [label: string, Measurement]>

/**
 * Measures the services in turn, A B B A A B …, so that whatever drifts on the machine falls on both; a first turn
 * that warms them up is thrown away.
 */
export const alternate = async (
  { options, services }: Bench,
  measure: (service: Service) => Promise<Measured>
): Promise<ReadonlyArray<Group>> => {
  for (const service of services) await measure(service)
  const slices = new Map<string, Array<Measurement>>()
  for (let round = 0; round < options.rounds; round++) {
    const inTurn = round % 2 === 0 ? services : services.toReversed()
    for (const service of inTurn) {
      for (const [label, measurement] of await measure(service)) {
        slices.set(label, [...(slices.get(label) ?? []), measurement])
      }
    }
  }
  return [...slices].map(([label, measurements]) => ({ label, slices: measurements }))
}
