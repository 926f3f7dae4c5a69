import type { Client } from "pg"
import { withClient } from "../database.ts"
import { arrivals } from "../events/arrivals.ts"
import { fillBacklog, lastPosition, newestEvents, untilPublished } from "../events/backlog.ts"
import { changeExample } from "../events/exampleChanges.ts"
import { onBus, type ServiceOnBus } from "../events/serviceOnBus.ts"
import { type Measurement, measurementOf, nothingMeasured } from "../Measurement.ts"
import { percentile } from "../statistics.ts"
import type { Bench, Group, Scenario } from "./Bench.ts"
import { alternate, groupsOf, type Measured } from "./slices.ts"

const customers = 20_000

/** As many requests at a time as the relay sends. */
const connections = 32

/** So many of the backlog's events the bare loop publishes over and over. */
const differentEvents = 1000

const updatesPerSecond = 200
const commitToBus = `commit to bus at ${updatesPerSecond}/s`

interface Place extends ServiceOnBus {
  readonly bench: Bench
  readonly client: Client
  /** A customer whose events are the examples for others. */
  readonly example: string
}

const unpublished = (left: number): Measurement["failures"] => (left === 0 ? {} : { unpublished: left })

/** Lets the relay publish a backlog that it finds all at once. */
const relayBacklog = async ({ bus, client, example, service }: Place): Promise<Measured> => {
  await bus.flushdb()
  const last = await lastPosition(client)
  const before = await service.metrics()
  const written = await fillBacklog(client, example)
  const began = Date.now()
  const { at, left } = await untilPublished(client, last)
  const after = await service.metrics()
  const requests = written - left
  const measured = {
    ...nothingMeasured(service.name),
    requests,
    perSecond: (requests * 1000) / (at - began),
    failures: unpublished(left),
    residentMegabytes: after.residentBytes / 2 ** 20,
    cpuMillisPer1000: ((after.cpuSeconds - before.cpuSeconds) * 1_000_000) / requests
  }
  return [["relay", measured]]
}

/** Publishes what the relay publishes in a bare loop: no outbox, no order, no account of what went out. */
const publishBare = async ({ bench, bus, client, service, sidecar }: Place): Promise<Measured> => {
  await bus.flushdb()
  const workload = { name: "publish", events: await newestEvents(client, differentEvents) } as const
  const load = { mode: "closed", connections } as const
  const { seconds } = bench.options
  const target = { port: sidecar.httpPort, token: "" }
  const metrics = await service.metrics()
  const [result] = await bench.generator.run([{ target, workload, load, seconds }])
  if (result === undefined) throw new Error("The bare loop has no result")
  const measured = measurementOf("bare", result, metrics, metrics)
  return [["relay", { ...measured, cpuMillisPer1000: Number.NaN, residentMegabytes: Number.NaN }]]
}

interface WrittenEvent {
  readonly id: string
  readonly topic: string
  readonly at: Date
}

const eventsAfter = async (client: Client, last: string): Promise<ReadonlyArray<WrittenEvent>> => {
  const { rows } = await client.query<WrittenEvent>(
    "SELECT event_id AS id, topic, created_at AS at FROM outbox_events WHERE id > $1 ORDER BY id",
    [last]
  )
  return rows
}

/** Milliseconds from the beginning of each write, which is shortly before its commit, to its event's place in the stream. */
const delays = async (bus: ServiceOnBus["bus"], events: ReadonlyArray<WrittenEvent>) => {
  const arrived = await arrivals(bus, [...new Set(events.map(({ topic }) => topic))])
  return events.flatMap(({ at, id }) => {
    const arrival = arrived.get(id)
    return arrival === undefined ? [] : [arrival - at.getTime()]
  })
}

/** Changes customers through the API at an even pace, and sees when the events of it stand in the bus. */
const writePaced = async ({ bench, bus, client, service }: Place): Promise<Measured> => {
  await bus.flushdb()
  const last = await lastPosition(client)
  const { seconds } = bench.options
  const target = { port: service.port, token: bench.tokens.client }
  const workload = { name: "update", customers } as const
  const load = { mode: "paced", connections, perSecond: updatesPerSecond } as const
  const before = await service.metrics()
  const [result] = await bench.generator.run([{ target, workload, load, seconds }])
  if (result === undefined) throw new Error("The paced writes have no result")
  await untilPublished(client, last)
  const measured = measurementOf(service.name, result, before, await service.metrics())
  const events = await eventsAfter(client, last)
  const millis = await delays(bus, events)
  const [p50, p95, p99] = [percentile(millis, 0.5), percentile(millis, 0.95), percentile(millis, 0.99)]
  const failures = { ...measured.failures, ...unpublished(events.length - millis.length) }
  return [[commitToBus, { ...measured, p50, p95, p99, failures }]]
}

const rates = (place: Place): Promise<ReadonlyArray<Group>> =>
  alternate(place.bench, (service) => (service.name === "ours" ? relayBacklog(place) : publishBare(place)))

const commits = async (place: Place): Promise<ReadonlyArray<Group>> => {
  await writePaced(place)
  const rounds: Array<Measured> = []
  for (let round = 0; round < place.bench.options.rounds; round++) rounds.push(await writePaced(place))
  return groupsOf(rounds.flat())
}

/**
 * Events on their way to the bus: how many a second our relay brings there from a backlog, beside a bare loop that only
 * publishes, and how long the event of a write takes.
 */
export const relay: Scenario = async (bench) => {
  if (!bench.options.services.includes("ours")) return { scenario: "relay", groups: [] }
  const plan = { database: "bench_relay", customers, cache: 2, subscribes: false }
  return onBus(bench, plan, (parts) =>
    withClient(parts.databaseUrl, async (client) => {
      const place = { ...parts, bench, client, example: await changeExample(parts.service, bench.tokens.client) }
      await untilPublished(client, "0")
      return { scenario: "relay", groups: [...(await rates(place)), ...(await commits(place))] }
    })
  )
}
