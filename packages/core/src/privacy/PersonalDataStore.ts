import { Context, type DateTime, Effect, Option } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { ErasedPlace, ErasureReceipt } from "./ErasureReceipt.ts"
import type { ErasureRequest } from "./ErasureRequest.ts"

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
     * Claims up to `most` erasures that are due, or that one of `only`, for `leaseSeconds`: they are running from now
     * on, and nobody else's meanwhile.
     */
    readonly claimDue: (options: {
      readonly most: number
      readonly leaseSeconds: number
      readonly only?: CustomerId | undefined
    }) => Effect.Effect<ReadonlyArray<CustomerId>, StorageUnavailable>
    /**
     * Overwrites or removes everything personal of a customer whose erasure is running, in one transaction, with the
     * event CustomerErased. A second run finds nothing more to do and answers what the first did.
     */
    readonly erase: (id: CustomerId) => Effect.Effect<ErasureProgress, StorageUnavailable>
    /** Reads every declared place again, and looks for her mail addresses and phones in all free text. */
    readonly remainders: (id: CustomerId) => Effect.Effect<ReadonlyArray<Remainder>, StorageUnavailable>
    readonly finish: (id: CustomerId, receipt: ErasureReceipt) => Effect.Effect<void, StorageUnavailable>
    /** Everything held on the customer, by place; secrets are named and not shown. */
    readonly exportOf: (
      id: CustomerId
    ) => Effect.Effect<Readonly<Record<string, ReadonlyArray<unknown>>>, StorageUnavailable>
  }
>()("@customer-service/core/PersonalDataStore") {}
