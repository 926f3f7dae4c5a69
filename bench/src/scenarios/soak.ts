import { measurementOf } from "../Measurement.ts"
import type { Service } from "../services.ts"
import { slope } from "../statistics.ts"
import type { Bench, MemoryCourse, Scenario } from "./Bench.ts"

const load = { mode: "paced", connections: 32, perSecond: 800 } as const
const sampleEverySeconds = 5

type Samples = Array<readonly [second: number, megabytes: number]>

const courseOf = (service: Service, samples: Samples): MemoryCourse => {
  const settled = samples.slice(samples.length >> 1)
  return { service: service.name, samples, megabytesPerMinute: slope(settled) * 60 }
}

/** Reads the memory of all services every few seconds, for as long as `running` should take; rejects with it. */
const watch = async (
  services: ReadonlyArray<Service>,
  seconds: number,
  running: Promise<unknown>
): Promise<ReadonlyArray<MemoryCourse>> => {
  const began = performance.now()
  const elapsed = () => (performance.now() - began) / 1000
  const samples = services.map((): Samples => [])
  while (elapsed() < seconds) {
    for (const [index, service] of services.entries()) {
      const { residentBytes } = await service.metrics()
      samples[index]?.push([elapsed(), residentBytes / 2 ** 20])
    }
    await Promise.race([running, new Promise((resolve) => setTimeout(resolve, sampleEverySeconds * 1000))])
  }
  return services.map((service, index) => courseOf(service, samples[index] ?? []))
}

const streamsOf = ({ options, services, tokens }: Bench) =>
  services.map(({ port }) => ({
    target: { port, token: tokens.client },
    workload: { name: "read-and-update" } as const,
    load,
    seconds: options.soakSeconds
  }))

/** Both services for minutes at a moderate pace at the same time: their memory must not grow. */
export const soak: Scenario = async (bench) => {
  const before = await Promise.all(bench.services.map((service) => service.metrics()))
  const running = bench.generator.run(streamsOf(bench))
  const memory = await watch(bench.services, bench.options.soakSeconds, running)
  const results = await running
  const slices = await Promise.all(
    bench.services.map(async (service, index) => {
      const [result, earlier] = [results[index], before[index]]
      if (result === undefined || earlier === undefined) throw new Error(`The soak of ${service.name} has no result`)
      return measurementOf(service.name, result, earlier, await service.metrics())
    })
  )
  return { scenario: "soak", groups: [{ label: "soak, 90/10 at 800/s each", slices }], memory }
}
