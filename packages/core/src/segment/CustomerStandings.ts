import { Clock, Context, DateTime, Effect, Layer, type Result, Struct } from "effect"
import type { SecureRandom } from "effect/crypto"
import type { Change, Customer } from "../customer/Customer.ts"
import { CustomerNotFound, type StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { WriteError } from "../customer/CustomerRepository.ts"
import type { Tier } from "../customer/Standing.ts"
import { memoryWriter, oneWriteAtATime } from "../customer/memoryWriter.ts"
import { toldInMemory } from "../order/toldInMemory.ts"
import { recheckStanding } from "./recheckStanding.ts"
import type { StandingPolicy } from "./StandingPolicy.ts"
import type { StandingRecord, TierChange } from "./StandingRecord.ts"
import { tierOf } from "./Tier.ts"

/** A customer and what stands behind her standing, as of one moment. */
export interface CustomerStanding {
  readonly customer: Customer
  readonly record: StandingRecord
}

/** How many customers would go from one tier to another, and some of them. */
export interface TierMove {
  readonly from: Tier
  readonly to: Tier
  readonly count: number
  readonly customers: ReadonlyArray<CustomerId>
}

/**
 * Where customers stand, and what that follows from.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a standing that was written is read back, with the customer as the repository gives her
 * - find fails with CustomerNotFound for an id that is not there
 * - 20 concurrent modifies of one standing lose none, also beside modifies of the customer
 * - a failed decision on a standing leaves nothing behind
 * - the standing of a newcomer is looked at when its time comes, and not before
 * - a review claims each customer once, also of two at a time
 * - a tier change is kept in the history, newest first
 * - a preview tells who would move under other thresholds, and moves nobody
 * - a recheck has everybody looked at whose tier is another under the thresholds in force
 * - a recheck has everybody looked at whose label is another under the thresholds in force
 * - a recheck brings the dates on which orders met thresholds up to date, and keeps those of whoever has none
 * - a recheck has newcomers looked at when they are new no longer
 */
export class CustomerStandings extends Context.Service<
  CustomerStandings,
  {
    readonly find: (id: CustomerId) => Effect.Effect<CustomerStanding, CustomerNotFound | StorageUnavailable>
    /** Loads, decides and writes in one transaction; nobody else changes her meanwhile. */
    readonly modify: <E>(
      id: CustomerId,
      decide: (customer: Customer, record: StandingRecord) => Result.Result<Change, E>
    ) => Effect.Effect<CustomerStanding, E | CustomerNotFound | WriteError>
    /** Decides anew for up to `most` customers whose `reviewAt` has come; answers those whose standing was written. */
    readonly reviewDue: (
      most: number,
      decide: (customer: Customer, record: StandingRecord) => Change
    ) => Effect.Effect<ReadonlyArray<Customer>, StorageUnavailable>
    /** The newest hundred tier changes of a customer, newest first. */
    readonly history: (id: CustomerId) => Effect.Effect<ReadonlyArray<TierChange>, StorageUnavailable>
    /**
     * Whose tier would be another if these thresholds were in force, by from and to, each with up to `most` ids;
     * overrides stay. Labels are not told of.
     */
    readonly preview: (
      policy: StandingPolicy,
      most: number
    ) => Effect.Effect<ReadonlyArray<TierMove>, StorageUnavailable>
    /**
     * Brings everybody up to date whose tier, label, dates or next review is not what these thresholds make it: dates
     * and reviews of newcomers here, without another version of her; for the rest she is due for review. Answers how
     * many. Whoever has no orders keeps her dates.
     */
    readonly recheck: (policy: StandingPolicy) => Effect.Effect<number, StorageUnavailable>
  }
>()("@customer-service/core/CustomerStandings") {}

/** The newest tier changes that a history holds. */
const longestHistory = 100

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const write = yield* memoryWriter
  const clock = yield* Clock.Clock
  const { customers, standings, tierChanges } = memory
  const oneAtATime = yield* oneWriteAtATime

  const recordOf = (customer: Customer): StandingRecord =>
    standings.get(customer.id) ?? { updatedAt: customer.createdAt }

  const find = (id: CustomerId) => {
    const customer = customers.get(id)
    return customer === undefined
      ? Effect.fail(new CustomerNotFound({ customerId: id }))
      : Effect.succeed({ customer, record: recordOf(customer) })
  }

  const isDue = (customer: Customer): boolean => {
    const { reviewAt } = recordOf(customer)
    return reviewAt !== undefined && reviewAt.epochMilliseconds <= clock.currentTimeMillisUnsafe()
  }

  /** Customers whose tier follows from what they spent, and is another one under these thresholds. */
  const movers = (policy: StandingPolicy) =>
    [...customers.values()].flatMap((customer) => {
      const { tier, ...spending } = customer.segment
      const wanted = recordOf(customer).tierOverride?.value ?? tierOf(spending, policy)
      return wanted === tier ? [] : [{ id: customer.id, from: tier, to: wanted }]
    })

  return CustomerStandings.of({
    find: (id) => Effect.suspend(() => find(id)),
    modify: Effect.fnUntraced(function* (id, decide) {
      const { customer, record } = yield* find(id)
      yield* write(yield* Effect.fromResult(decide(customer, record)))
      return yield* find(id)
    }, oneAtATime),
    reviewDue: Effect.fnUntraced(function* (most, decide) {
      const due = [...customers.values()].filter(isDue).slice(0, most)
      return yield* Effect.forEach(due, (customer) => write(decide(customer, recordOf(customer))))
    }, oneAtATime),
    history: (id) =>
      Effect.sync(() =>
        tierChanges
          .filter(({ customerId }) => customerId === id)
          .map((change): TierChange => Struct.omit(change, ["customerId"]))
          .toReversed()
          .slice(0, longestHistory)
      ),
    preview: (policy, most) =>
      Effect.sync(() => {
        const moves = Map.groupBy(movers(policy), ({ from, to }) => `${from} ${to}`)
        return [...moves.values()].flatMap((group) =>
          group.slice(0, 1).map(({ from, to }) => ({
            from,
            to,
            count: group.length,
            customers: group.slice(0, most).map(({ id }) => id)
          }))
        )
      }),
    recheck: (policy) =>
      Effect.sync(() => {
        const told = toldInMemory(memory)
        const now = DateTime.makeUnsafe(clock.currentTimeMillisUnsafe())
        const rechecked = [...customers.values()].flatMap((customer) => {
          const orders = told.figures(customer.id, policy)
          const record = recheckStanding(customer, recordOf(customer), orders, policy, now)
          return record === undefined ? [] : [[customer.id, record] as const]
        })
        for (const [id, record] of rechecked) standings.set(id, record)
        return rechecked.length
      }).pipe(oneAtATime)
  })
})

/** The standings of the customers in memory. */
export const layerMemory: Layer.Layer<CustomerStandings, never, CustomerMemory | SecureRandom.SecureRandom> =
  Layer.effect(CustomerStandings, make)
