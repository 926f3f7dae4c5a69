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

/** What slices came to, each by its label. */
export type Measured = ReadonlyArray<readonly [label: string, Measurement]>

/** Runs slices at once on one service, with the CPU seconds that it took for all of them. */
export const runCounted = async (
  bench: Bench,
  service: Service,
  slices: ReadonlyArray<Slice>
): Promise<{ readonly measured: Measured; readonly cpuSeconds: number }> => {
  const target = { port: service.port, token: bench.tokens.client }
  const streams = slices.map(({ workload, load }) => ({ target, workload, load, seconds: bench.options.seconds }))
  const before = await service.metrics()
  const results = await bench.generator.run(streams)
  const after = await service.metrics()
  const measured = results.map((result, index) => {
    const measurement = measurementOf(service.name, result, before, after)
    const alone = slices.length === 1
    const known = alone ? measurement : { ...measurement, cpuMillisPer1000: Number.NaN }
    return [slices[index]?.label ?? "", known] as const
  })
  return { measured, cpuSeconds: after.cpuSeconds - before.cpuSeconds }
}

/** Runs slices at once on one service. The CPU time is known only of all together: of more than one it is NaN. */
export const runTogether = async (bench: Bench, service: Service, slices: ReadonlyArray<Slice>): Promise<Measured> =>
  (await runCounted(bench, service, slices)).measured

/** Lets a service read every active customer, so that what is measured next finds a cache in its usual state. */
export const fillCache = async (bench: Bench, service: Service): Promise<void> => {
  await runTogether(bench, service, [
    { label: "", workload: { name: "hot-read", customers: activeCustomers }, load: closed }
  ])
}

/** Measurements of the same label together, in the order in which they were made. */
export const groupsOf = (measured: Measured): ReadonlyArray<Group> => {
  const slices = Map.groupBy(measured, ([label]) => label)
  return [...slices].map(([label, found]) => ({ label, slices: found.map(([, measurement]) => measurement) }))
}

/**
 * Measures the services in turn, A B B A A B …, so that whatever drifts on the machine falls on both; a first turn
 * that warms them up is thrown away.
 */
export const alternate = async (
  { options, services }: Bench,
  measure: (service: Service) => Promise<Measured>
): Promise<ReadonlyArray<Group>> => {
  for (const service of services) await measure(service)
  const rounds: Array<Measured> = []
  for (let round = 0; round < options.rounds; round++) {
    const inTurn = round % 2 === 0 ? services : services.toReversed()
    for (const service of inTurn) rounds.push(await measure(service))
  }
  return groupsOf(rounds.flat())
}
