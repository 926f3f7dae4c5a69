import type { Redis } from "ioredis"
import type { Client } from "pg"
import { withClient } from "../database.ts"
import { onBus, type ServiceOnBus } from "../events/serviceOnBus.ts"
import { orderCloudEvent, orderingCustomers, ordersTogether, ordersTopic } from "../events/orderEvents.ts"
import { waitUntil } from "../events/waitUntil.ts"
import { measurementOf, nothingMeasured } from "../Measurement.ts"
import { readMetric } from "../serviceMetrics.ts"
import type { Service } from "../services.ts"
import { bulkSize } from "../workloads/deliver.ts"
import type { Bench, Scenario } from "./Bench.ts"
import { groupsOf, type Measured } from "./slices.ts"

/** Orders that are delivered straight have numbers from here on, which those through the sidecar never reach. */
const firstDelivered = 10_000_000

/** Bulks at once where they come without the sidecar, which has one a topic under way. */
const connections = 4

interface Place extends ServiceOnBus {
  readonly bench: Bench
  readonly client: Client
}

/** Puts orders into their stream, as a sidecar would. */
const putOrders = async (bus: Redis, first: number): Promise<void> => {
  for (let begin = first; begin < first + ordersTogether; begin += 1000) {
    const pipeline = bus.pipeline()
    for (let order = begin; order < begin + 1000; order++) {
      pipeline.xadd(ordersTopic, "MAXLEN", "~", 100_000, "*", "data", JSON.stringify(orderCloudEvent(order)))
    }
    await pipeline.exec()
  }
}

/** How many orders were applied since a moment, and when the last was; in milliseconds since the epoch. */
const appliedSince = async (client: Client, began: number) => {
  const { rows } = await client.query<{ count: number; last: Date | null }>(
    "SELECT count(*)::int AS count, max(processed_at) AS last FROM processed_events WHERE processed_at >= $1",
    [new Date(began)]
  )
  return { applied: rows[0]?.count ?? 0, last: rows[0]?.last?.getTime() ?? Number.NaN }
}

const countApplied = ({ port }: Service): Promise<number> => readMetric(port, "customer_messages_applied_total")

/** From the first order that is put into the stream until all are applied. */
const consumeThroughSidecar = async ({ bus, client, service }: Place, first: number): Promise<Measured> => {
  const before = await service.metrics()
  const appliedBefore = await countApplied(service)
  const began = Date.now()
  await putOrders(bus, first)
  await waitUntil(async () => (await countApplied(service)) >= appliedBefore + ordersTogether)
  const after = await service.metrics()
  const { applied, last } = await appliedSince(client, began)
  const measured = {
    ...nothingMeasured(service.name),
    requests: applied,
    perSecond: (applied * 1000) / (last - began),
    failures: applied < ordersTogether ? { "not applied": ordersTogether - applied } : {},
    residentMegabytes: after.residentBytes / 2 ** 20,
    cpuMillisPer1000: ((after.cpuSeconds - before.cpuSeconds) * 1_000_000) / applied
  }
  return [["consume through daprd", measured]]
}

/** Bulks straight to the route that the sidecar delivers to. Rates and CPU are of orders, latencies of bulks. */
const consumeBulks = async ({ appToken, bench, service }: Place): Promise<Measured> => {
  const target = { port: service.port, token: appToken }
  const workload = { name: "deliver", firstOrder: firstDelivered } as const
  const load = { mode: "closed", connections } as const
  const before = await service.metrics()
  const [result] = await bench.generator.run([{ target, workload, load, seconds: bench.options.seconds }])
  if (result === undefined) throw new Error("The deliveries have no result")
  const measured = measurementOf(service.name, result, before, await service.metrics())
  const orders = {
    ...measured,
    requests: measured.requests * bulkSize,
    perSecond: measured.perSecond * bulkSize,
    cpuMillisPer1000: measured.cpuMillisPer1000 / bulkSize
  }
  return [[`consume, bulks of ${bulkSize}`, orders]]
}

const rounds = async (place: Place): Promise<Measured> => {
  const measured: Array<Measured> = []
  // The first round warms up and is thrown away.
  for (let round = 0; round <= place.bench.options.rounds; round++) {
    const consumed = [await consumeThroughSidecar(place, round * ordersTogether), await consumeBulks(place)]
    if (round > 0) measured.push(...consumed)
  }
  return measured.flat()
}

/** Orders that one process of our service takes in: out of a topic's stream through the sidecar, and without it. */
export const consume: Scenario = async (bench) => {
  if (!bench.options.services.includes("ours")) return { scenario: "consume", groups: [] }
  const plan = { database: "bench_consume", customers: orderingCustomers, cache: 3, subscribes: true }
  return onBus(bench, plan, (parts) =>
    withClient(parts.databaseUrl, async (client) => ({
      scenario: "consume",
      groups: groupsOf(await rounds({ ...parts, bench, client }))
    }))
  )
}
