import { Context, type Effect, Schema } from "effect"
import type { CustomerId, LegacyId } from "../customer/CustomerId.ts"
import { Instant } from "../value/Instant.ts"
import { Money } from "../value/Money.ts"

/** A service that this one asks did not answer in time, or not with what it should. */
export class UpstreamUnavailable extends Schema.TaggedError<UpstreamUnavailable>()("UpstreamUnavailable", {
  service: Schema.String,
  reason: Schema.String
}) {}

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0, { message: "must not be negative" }))

/** A customer's orders, summed up. */
export const OrderFigures = Schema.Struct({
  orderCount: Count,
  totalSpent: Money,
  averageOrderValue: Money,
  lastOrderDate: Schema.optionalKey(Instant),
  currency: Schema.String
})
export type OrderFigures = typeof OrderFigures.Type

/** Whom other services are asked about: they may know her by either id. */
export interface KnownCustomer {
  readonly id: CustomerId
  readonly legacyId?: LegacyId | undefined
}

/** The order service, asked for what a customer has ordered. Every call ends within its time, whatever the service does. */
export class OrderService extends Context.Service<
  OrderService,
  { readonly summary: (customer: KnownCustomer) => Effect.Effect<OrderFigures, UpstreamUnavailable> }
>()("@customer-service/core/OrderService") {}
