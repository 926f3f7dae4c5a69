import { Effect, Option, Struct } from "effect"
import type { Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import * as Customers from "../customer/Customers.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import type { StandingRecord } from "../segment/StandingRecord.ts"
import { Instant } from "../value/Instant.ts"
import { type Answer, askUpstream, Freshness } from "./askUpstream.ts"
import { OrderFigures, OrderService, UpstreamUnavailable } from "./OrderService.ts"

/** A customer's orders, summed up, and how fresh that is. */
export const OrderSummary = OrderFigures.mapFields(
  Struct.assign({ freshness: Freshness, asOf: Instant.annotate({ description: "When this was right." }) })
).annotate({ identifier: "OrderSummary" })
export type OrderSummary = typeof OrderSummary.Type

const askOrders = askUpstream("orders", OrderFigures)

const derived = (customer: Customer, record: StandingRecord, currency: string): Answer<OrderFigures> => ({
  value: {
    ...Struct.pick(customer.segment, ["orderCount", "totalSpent", "averageOrderValue"]),
    ...(record.lastOrderAt === undefined ? {} : { lastOrderDate: record.lastOrderAt }),
    currency
  },
  freshness: "derived",
  asOf: record.updatedAt
})

/**
 * What a customer has ordered: as the order service says, or said last, else as her orders' events add up. Never waits
 * for longer than the order service's time. Fails with `UpstreamUnavailable` where the order service alone can know:
 * whoever came from elsewhere may have ordered before there were events.
 */
export const summary = Effect.fn("OrderSummaries.summary")(function* (id: CustomerId) {
  const standings = yield* CustomerStandings
  const { legacyId } = yield* Customers.get(id)
  const orders = yield* Effect.serviceOption(OrderService)
  const asked = Option.isNone(orders) ? Option.none() : yield* askOrders(id, orders.value.summary({ id, legacyId }))
  const own = Effect.gen(function* () {
    const { customer, record } = yield* standings.find(id)
    const isKnown = legacyId === undefined || customer.segment.orderCount > 0
    if (Option.isSome(orders) && !isKnown) {
      return yield* new UpstreamUnavailable({ service: "orders", reason: "nothing is known of her orders here" })
    }
    return derived(customer, record, (yield* CustomerPolicy).defaultCurrency)
  })
  const { asOf, freshness, value } = Option.isSome(asked) ? asked.value : yield* own
  return { ...value, freshness, asOf } satisfies OrderSummary
})
