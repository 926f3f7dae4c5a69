import { Context, type Effect, Schema } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { ErasedPlace } from "./ErasureReceipt.ts"
import type { Remainder } from "./PersonalDataStore.ts"

/** A holder of personal data does not answer: the erasure waits for it. */
export class HolderUnavailable extends Schema.TaggedError<HolderUnavailable>()("HolderUnavailable", {
  holder: Schema.String
}) {}

/** Whom an erasure is about, once the store has let go of her. */
export interface ErasedCustomer {
  readonly id: CustomerId
  readonly version: number
  readonly legacyId?: number | undefined
}

/** A place beside the store of customers that holds something of them: a cache, sessions, a folder of mails. */
export interface PersonalDataHolder {
  readonly name: string
  readonly erase: (customer: ErasedCustomer) => Effect.Effect<ReadonlyArray<ErasedPlace>, HolderUnavailable>
  readonly remainders: (customer: ErasedCustomer) => Effect.Effect<ReadonlyArray<Remainder>, HolderUnavailable>
  readonly exportOf: (id: CustomerId) => Effect.Effect<ReadonlyArray<unknown>, HolderUnavailable>
}

/** Every holder beside the store; erasure and export ask each of them. */
export class PersonalDataHolders extends Context.Service<PersonalDataHolders, ReadonlyArray<PersonalDataHolder>>()(
  "@customer-service/core/PersonalDataHolders"
) {}
