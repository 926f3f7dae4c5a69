import { type DateTime, Schema } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { ErasureReceipt } from "./ErasureReceipt.ts"

/** How far an erasure has come. One that is running ends as done, however often its runner dies. */
export type ErasureState = "planned" | "running" | "done" | "cancelled"

/** The erasure of one customer, from its plan to its receipt. */
export interface ErasureRequest {
  readonly customerId: CustomerId
  readonly state: ErasureState
  readonly dueAt: DateTime.Utc
  readonly requestedAt: DateTime.Utc
  /** Who asked: the subject of her token. */
  readonly requestedBy: string
  /** Why, in words of whoever asked; gone once the erasure is done. */
  readonly reason?: string
  readonly finishedAt?: DateTime.Utc
  readonly receipt?: ErasureReceipt
}

/** No erasure of this customer was ever planned. */
export class ErasureNotFound extends Schema.TaggedError<ErasureNotFound>()("ErasureNotFound", {
  customerId: Schema.String
}) {}

/** The erasure is running or done: nothing can be planned or cancelled any more. */
export class ErasureUnderWay extends Schema.TaggedError<ErasureUnderWay>()("ErasureUnderWay", {
  customerId: Schema.String
}) {}
