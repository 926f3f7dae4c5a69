import {
  type Actor,
  AddressId,
  type Change,
  type Customer,
  CustomerDecisions,
  CustomerId,
  type CustomerPolicy,
  type CustomerStatus,
  StandingDecisions,
  type StandingPolicy
} from "@customer-service/core"
import { DateTime, Result, Struct } from "effect"
import { newAddress } from "./newAddress.ts"
import { person } from "./Person.ts"
import { registration } from "./registration.ts"
import * as SeededRandom from "./SeededRandom.ts"

/**
 * When the customers registered (milliseconds since the epoch). The years stay the same whatever the day of the
 * run, so that a seed always gives the same people.
 */
const period = { from: Date.UTC(2021, 0, 1), until: Date.UTC(2026, 0, 1) }

const longestPause = 200 * 24 * 3_600_000
const shortestPause = 60_000

const storefront: Actor = { kind: "service", subject: "storefront", scopes: new Set(["customers:write"]) }

/** When a customer registered, and under which id. */
export interface Arrival {
  readonly index: number
  readonly time: number
  readonly id: CustomerId
}

// More customers come every year: the square root makes their number grow evenly.
const arrive = (index: number, random: SeededRandom.SeededRandom): Arrival => {
  const time = Math.floor(period.from + Math.sqrt(random.fraction()) * (period.until - period.from))
  return { index, time, id: CustomerId.make(random.uuid(time)) }
}

/** The arrival of a seed's `index`-th customer. */
export const arrival = (seed: number, index: number): Arrival => arrive(index, SeededRandom.make(seed, index))

const statusOf = (random: SeededRandom.SeededRandom): CustomerStatus =>
  random.chance(0.9) ? "active" : random.chance(0.8) ? "pending" : "suspended"

/** Whoever got beyond `pending` has shown that the mail address is hers. */
const verified = (change: Change): Change => ({
  ...change,
  customer: { ...change.customer, emailVerified: change.customer.status !== "pending" }
})

const circumstances = (time: number) => ({ actor: storefront, now: DateTime.makeUnsafe(time) })

const addressCount = (random: SeededRandom.SeededRandom, policy: CustomerPolicy): number =>
  Math.min(random.pick([0, 1, 1, 1, 1, 2, 2, 3]), policy.maxAddresses)

type Decision = (customer: Customer, time: number) => Result.Result<Change, unknown>

// Nobody is there to be erased: of a plan made then the time would have come, and demo accounts would vanish.
const closed: Decision = (customer, now) =>
  Result.map(CustomerDecisions.deactivate(customer, circumstances(now), 0), Struct.omit(["erasure", "endsSessions"]))

/** What the shop decides about its customers, and about where they stand. */
export interface Rules {
  readonly policy: CustomerPolicy
  readonly standings: StandingPolicy
}

/**
 * All that happened to a seed's `index`-th customer, in order: she registers, adds up to three addresses, is new no
 * longer, and in a few cases closes her account. The same under the same rules. Throws where the domain refuses what was
 * made up.
 */
export const history = (seed: number, index: number, { policy, standings }: Rules): ReadonlyArray<Change> => {
  const random = SeededRandom.make(seed, index)
  const { id, time: registeredAt } = arrive(index, random)
  const somebody = person(random)
  const input = registration(somebody, seed, index, random)
  const rules = { ...policy, defaultStatus: statusOf(random) }
  const registered = CustomerDecisions.register(input, id, rules, circumstances(registeredAt), standings)
  const changes = [verified(Result.getOrThrow(registered))]

  let standing = changes[0]?.standing
  /** Time alone changes where she stands, if its moment comes before this one (milliseconds since the epoch). */
  const timePasses = (until: number) => {
    const [current, reviewAt] = [changes.at(-1)?.customer, standing?.reviewAt]
    if (current === undefined || standing === undefined || reviewAt === undefined) return
    if (reviewAt.epochMilliseconds > until) return
    const change = StandingDecisions.review(current, standing, standings, reviewAt)
    standing = change.standing
    changes.push(change)
  }

  let time = registeredAt
  const happens = (decide: Decision) => {
    time += shortestPause + Math.floor(random.fraction() * Math.max(0, Math.min(longestPause, period.until - time)))
    timePasses(time)
    const current = changes.at(-1)?.customer
    if (current !== undefined) changes.push(Result.getOrThrow(decide(current, time)))
  }

  for (let left = addressCount(random, policy); left > 0; left--) {
    happens((customer, now) => {
      const addressId = AddressId.make(random.uuid(now))
      const input = newAddress(somebody, random)
      return CustomerDecisions.addAddress(customer, input, addressId, policy.maxAddresses, circumstances(now))
    })
  }
  if (random.chance(0.02)) happens(closed)
  timePasses(Number.POSITIVE_INFINITY)
  return changes
}
