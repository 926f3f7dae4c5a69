import { Context, type Effect, Schema } from "effect"
import type { KnownCustomer, UpstreamUnavailable } from "./OrderService.ts"

/** A customer's loyalty points. */
export const LoyaltyBalance = Schema.Struct({
  points: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0, { message: "must not be negative" }))
})
export type LoyaltyBalance = typeof LoyaltyBalance.Type

/** The loyalty service, asked for a customer's points. Every call ends within its time, whatever the service does. */
export class LoyaltyService extends Context.Service<
  LoyaltyService,
  { readonly points: (customer: KnownCustomer) => Effect.Effect<LoyaltyBalance, UpstreamUnavailable> }
>()("@customer-service/core/LoyaltyService") {}
