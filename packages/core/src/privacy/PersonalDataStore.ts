import { Clock, Context, DateTime, Effect, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import { CustomerErased } from "../customer/CustomerEvent.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import { envelop } from "../event/EventEnvelope.ts"
import type { ErasedPlace, ErasureReceipt } from "./ErasureReceipt.ts"
import type { ErasureRequest } from "./ErasureRequest.ts"
import * as InMemory from "./personalDataInMemory.ts"

/** Something of the customer that is still there: where, and how many rows or entries. */
export interface Remainder {
  readonly store: string
  readonly place: string
  readonly count: number
}

/** What an erasure has done to the store so far. */
export interface ErasureProgress {
  readonly requestedAt: DateTime.Utc
  readonly startedAt: DateTime.Utc
  readonly erased: ReadonlyArray<ErasedPlace>
  /** How many of her mail addresses and phones are looked for afterwards. */
  readonly identifiers: number
  /** The version of the customer's last state: that of her tombstone. */
  readonly version: number
  /** Magento's id of her, where she came from there. */
  readonly legacyId?: number | undefined
}

/**
 * What the store of customers holds of persons: what is declared in its one registry.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a planned erasure is claimed when it is due, once, and not before
 * - a claim that nobody finished is claimed again after its lease
 * - after erase nothing of the customer remains, and everybody else is as before
 * - erase writes one CustomerErased event, however often it is run
 * - of an erased customer's events only CustomerErased is published from then on
 * - erase keeps the order metrics
 * - the address of an erased customer can be registered again
 * - an erased customer is not found, and changes no more
 * - a finished erasure keeps its receipt and nothing personal
 * - the export holds what was written of the customer
 */
export class PersonalDataStore extends Context.Service<
  PersonalDataStore,
  {
    /** The erasure of this customer, planned, running, done or cancelled. */
    readonly findErasure: (id: CustomerId) => Effect.Effect<Option.Option<ErasureRequest>, StorageUnavailable>
    /**
     * Claims up to `most` erasures that are due, or that of `only` alone if it is, for `leaseSeconds`: they are running
     * from now on, and nobody else's meanwhile.
     */
    readonly claimDue: (options: {
      readonly most: number
      readonly leaseSeconds: number
      readonly only?: CustomerId | undefined
    }) => Effect.Effect<ReadonlyArray<CustomerId>, StorageUnavailable>
    /**
     * Overwrites or removes everything personal of a customer whose erasure is running, in one transaction, with the
     * event CustomerErased. Run again it removes what came in since, and answers what the first run did.
     */
    readonly erase: (id: CustomerId) => Effect.Effect<ErasureProgress, StorageUnavailable>
    /**
     * Reads every declared place again, and looks for her mail addresses and phones in free text that is hers or
     * nobody's. What stands in the rows of somebody else is that one's.
     */
    readonly remainders: (id: CustomerId) => Effect.Effect<ReadonlyArray<Remainder>, StorageUnavailable>
    readonly finish: (id: CustomerId, receipt: ErasureReceipt) => Effect.Effect<void, StorageUnavailable>
    /** Everything held on the customer, by place; secrets are named and not shown. */
    readonly exportOf: (
      id: CustomerId
    ) => Effect.Effect<Readonly<Record<string, ReadonlyArray<unknown>>>, StorageUnavailable>
  }
>()("@customer-service/core/PersonalDataStore") {
  /** What is held of persons beside the customers in memory. */
  static readonly layerMemory: Layer.Layer<PersonalDataStore, never, CustomerMemory | SecureRandom.SecureRandom> =
    Layer.effect(
      PersonalDataStore,
      Effect.suspend(() => make)
    )
}

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const random = yield* SecureRandom.SecureRandom
  const { erased, erasures, leases } = memory
  const oneAtATime = memory.writing.withPermits(1)

  const personOf = (id: CustomerId) => {
    const kept = erased.get(id)
    if (kept === undefined) return InMemory.personOf(memory, id)
    return { id, identifiers: kept.identifiers, legacyId: kept.progress.legacyId }
  }

  const isDue = ({ customerId, dueAt, state }: ErasureRequest, now: number): boolean =>
    state === "running" ? (leases.get(customerId) ?? 0) <= now : state === "planned" && dueAt.epochMilliseconds <= now

  const claim = (request: ErasureRequest, until: number): CustomerId => {
    erasures.set(request.customerId, { ...request, state: "running" })
    leases.set(request.customerId, until)
    return request.customerId
  }

  const eraseNow = Effect.fnUntraced(function* (id: CustomerId) {
    const before = erased.get(id)
    if (before !== undefined) {
      InMemory.eraseAll(memory, personOf(id))
      return before.progress
    }
    const [request, customer] = [erasures.get(id), memory.customers.get(id)]
    if (request?.state !== "running" || customer === undefined) {
      return yield* Effect.die(new Error("only a customer whose erasure is running can be erased"))
    }
    const now = yield* DateTime.now
    const version = customer.version + 1
    const event = new CustomerErased({ customerId: id, version, erasedAt: now })
    const events = yield* envelop({ id, version, updatedAt: now }, [event])
    const person = personOf(id)
    const progress: ErasureProgress = {
      requestedAt: request.requestedAt,
      startedAt: now,
      erased: InMemory.eraseAll(memory, person),
      identifiers: person.identifiers.size,
      version,
      legacyId: customer.legacyId
    }
    memory.events.push(...events)
    erased.set(id, { progress, standing: customer.segment, identifiers: person.identifiers })
    return progress
  })

  const end = (id: CustomerId, receipt: ErasureReceipt): void => {
    const [request, kept] = [erasures.get(id), erased.get(id)]
    if (request?.state !== "running" || kept === undefined) return
    erasures.set(id, { ...request, state: "done", finishedAt: receipt.statement.finishedAt, receipt })
    erased.set(id, { ...kept, identifiers: new Set() })
    leases.delete(id)
  }

  return PersonalDataStore.of({
    findErasure: (id) => Effect.sync(() => Option.fromNullishOr(erasures.get(id))),
    claimDue: ({ leaseSeconds, most, only }) =>
      Effect.map(Clock.currentTimeMillis, (now) =>
        [...erasures.values()]
          .filter((request) => (only === undefined || request.customerId === only) && isDue(request, now))
          .toSorted((one, other) => one.dueAt.epochMilliseconds - other.dueAt.epochMilliseconds)
          .slice(0, most)
          .map((request) => claim(request, now + leaseSeconds * 1000))
      ),
    erase: (id) => oneAtATime(Effect.provideService(eraseNow(id), SecureRandom.SecureRandom, random)),
    remainders: (id) => Effect.sync(() => InMemory.remaining(memory, personOf(id))),
    finish: (id, receipt) => Effect.sync(() => end(id, receipt)),
    exportOf: (id) => Effect.sync(() => InMemory.exported(memory, personOf(id)))
  })
})
