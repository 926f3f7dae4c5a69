import { PgCustomerBulk } from "@customer-service/adapters-postgres"
import { type Change, CustomerPolicy, StandingPolicy } from "@customer-service/core"
import { Array, Effect } from "effect"
import { CommandFailed } from "../failures.ts"
import { withProgress } from "../progress.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"
import { type Arrival, arrival, history } from "./history.ts"

/** How many customers of which seed to make up, how many of them a transaction writes, and whether it is meant. */
export interface FillOptions {
  readonly count: number
  readonly seed: number
  readonly batch: number
  readonly dryRun: boolean
}

/** What was written. */
export interface Filled {
  readonly customers: number
  readonly addresses: number
  readonly events: number
  readonly consents: number
}

/** Transactions at a time: the database writes some while the next are made up. */
const concurrency = 4

/** How many ids are looked up at a time. */
const lookUp = 10_000

/** The first `count` customers of a seed, oldest first, which is how a database grows. */
const population = (seed: number, count: number): ReadonlyArray<Arrival> =>
  Array.makeBy(count, (index) => arrival(seed, index)).sort((one, other) => one.time - other.time)

const refusePresent = Effect.fnUntraced(function* (arrivals: ReadonlyArray<Arrival>, seed: number) {
  const bulk = yield* PgCustomerBulk.PgCustomerBulk
  const counts = yield* Effect.forEach(Array.chunksOf(arrivals, lookUp), (some) => bulk.count(some.map(({ id }) => id)))
  const present = counts.reduce((sum, count) => sum + count, 0)
  if (present === 0) return
  return yield* new CommandFailed({
    message: `${present} of these customers exist already, nothing was written: choose another --seed than ${seed}`
  })
})

const sizeOf = (changes: ReadonlyArray<Change>): Filled => ({
  customers: changes.filter(({ customer }) => customer.version === 1).length,
  addresses: changes.filter(({ events }) => events.some(({ _tag }) => _tag === "AddressBookChanged")).length,
  events: changes.reduce((sum, { events }) => sum + events.length, 0),
  consents: changes.reduce((sum, { consents }) => sum + consents.length, 0)
})

const sum = (one: Filled, other: Filled): Filled => ({
  customers: one.customers + other.customers,
  addresses: one.addresses + other.addresses,
  events: one.events + other.events,
  consents: one.consents + other.consents
})

const nothing: Filled = { customers: 0, addresses: 0, events: 0, consents: 0 }

/**
 * Fills the database with made-up customers, each with her addresses, consent ledger and events, as if she had come
 * by the API. Refuses, before anything is written, where one of them is there already.
 */
export const fill = Effect.fnUntraced(function* ({ batch, count, dryRun, seed }: FillOptions) {
  const bulk = yield* PgCustomerBulk.PgCustomerBulk
  const rules = { policy: yield* CustomerPolicy, standings: yield* StandingPolicy }
  yield* refuseUnmigrated
  const arrivals = population(seed, count)
  yield* refusePresent(arrivals, seed)
  return yield* withProgress(count, (advance) =>
    Effect.map(
      Effect.forEach(
        Array.chunksOf(arrivals, batch),
        Effect.fnUntraced(function* (some) {
          const changes = some.flatMap(({ index }) => history(seed, index, rules))
          if (!dryRun) yield* bulk.insertAll(changes)
          yield* advance(some.length)
          return sizeOf(changes)
        }),
        { concurrency }
      ),
      (sizes) => sizes.reduce(sum, nothing)
    )
  )
})
