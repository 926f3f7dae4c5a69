import { loadavg } from "node:os"
import { randomBytes } from "node:crypto"
import { createEmptyDatabase, fill } from "../seed.ts"
import { drift } from "../segments/drift.ts"
import { forgetEvents } from "../segments/forgetEvents.ts"
import { makeSegments } from "../segments/makeSegments.ts"
import { findOrderers } from "../segments/orderers.ts"
import { population } from "../segments/population.ts"
import { measurePreviews } from "../segments/previews.ts"
import { type Recomputed, recompute } from "../segments/recompute.ts"
import { measureReviews } from "../segments/reviewCosts.ts"
import { inMemberships, inMembers, measureVisibility } from "../segments/visibility.ts"
import { type Service, startService, type Surroundings } from "../services.ts"
import { using } from "../using.ts"
import type { Bench, Scenario } from "./Bench.ts"
import { groupsOf, type Measured } from "./slices.ts"

/** Customers whose orders are followed to what they change, by each way of looking. */
const orderers = 220

/** A Redis database that no other service uses. */
const cache = "/4"

/** The database of this scenario, and the token that a sidecar would show to the service. */
interface Place {
  readonly bench: Bench
  readonly surroundings: Surroundings
  readonly appToken: string
}

/** Says what comes next, and how busy the machine was before: others may share it. */
const tellNext = ({ tell }: Bench, line: string): void => {
  const [lastMinute = 0] = loadavg()
  tell(`${new Date().toISOString()} ${line}; load ${lastMinute.toFixed(1)}`)
}

const serving = <A>({ bench, surroundings }: Place, use: (service: Service) => Promise<A>): Promise<A> =>
  using(startService("ours", surroundings, bench.profileDirectory), (service) => service.stop(), use)

/** A database with segments and without customers, as the service has made it. */
const prepare = async (bench: Bench): Promise<Place> => {
  const appToken = randomBytes(24).toString("base64url")
  const databaseUrl = await createEmptyDatabase(bench.databaseServerUrl, "bench_segments")
  const redisUrl = new URL(cache, bench.surroundings.ours.redisUrl).href
  // Orders are delivered as a sidecar does; none is there, so nothing goes out.
  const settings = { EVENT_BUS: "dapr", EVENT_RELAY: "false", DAPR_HTTP_PORT: "1", APP_API_TOKEN: appToken }
  const place = { bench, appToken, surroundings: { ...bench.surroundings.ours, databaseUrl, redisUrl, settings } }
  const count = await serving(place, (service) => makeSegments(service, bench.tokens.staff))
  tellNext(bench, `${count} segments; filling with ${bench.options.customers.toLocaleString("en")} customers`)
  await fill(databaseUrl, bench.options.customers, population)
  return place
}

const measureRecomputes = async ({ bench, surroundings }: Place): Promise<ReadonlyArray<Recomputed>> => {
  const told = async (label: string) => {
    tellNext(bench, `Recomputing, ${label}`)
    const done = await recompute(label, surroundings, bench.profileDirectory)
    bench.tell(`  ${done.seconds.toFixed(1)} s, ${done.peakMegabytes.toFixed(0)} MiB, ${done.moves} moves`)
    return done
  }
  const first = await told("the first time")
  await drift(surroundings.databaseUrl)
  return [first, await told("1 % have drifted")]
}

const measureOrders = async (place: Place, service: Service, customers: ReadonlyArray<string>): Promise<Measured> => {
  const { appToken, bench } = place
  const telling = { service, appToken, staff: bench.tokens.staff }
  const [some, others] = [customers.slice(0, orderers), customers.slice(orderers)]
  const first = await measureVisibility(telling, ["her memberships", inMemberships], some, 0)
  return [...first, ...(await measureVisibility(telling, ["the segment's members", inMembers], others, some.length))]
}

const measureService = async (place: Place): Promise<Measured> => {
  const { bench, surroundings } = place
  await forgetEvents(surroundings.databaseUrl)
  const customers = await findOrderers(surroundings.databaseUrl, 2 * orderers)
  return serving(place, async (service) => {
    tellNext(bench, "Previewing rules")
    const previews = await measurePreviews(service, bench.tokens.staff, bench.tell)
    tellNext(bench, "Telling of orders")
    return [...previews, ...(await measureOrders(place, service, customers))]
  })
}

/** Segments of a million customers: previews, recomputes, reviews, and from an order to its memberships; ours alone. */
export const segments: Scenario = async (bench) => {
  if (!bench.options.services.includes("ours")) return { scenario: "segments", groups: [] }
  tellNext(bench, "Reviewing one customer")
  const reviewCosts = measureReviews()
  const place = await prepare(bench)
  const recomputes = await measureRecomputes(place)
  const groups = groupsOf(await measureService(place))
  tellNext(bench, "Done")
  return { scenario: "segments", groups, recomputes, reviewCosts }
}
