import { averageOf, CustomerPolicy, Locale, type OrderFigures, OrderService } from "@customer-service/core"
import { Effect, Layer, Option, Schema } from "effect"
import { CircuitBreaker } from "effect/persistence"
import { Amount, Count, dataOf, fieldOf, ifKnown, Moment } from "./answerSchemas.ts"
import * as askService from "./askService.ts"
import * as upstreamClient from "./upstreamClient.ts"
import type { UpstreamOptions } from "./UpstreamOptions.ts"

const Summary = Schema.Struct({
  orderCount: Count,
  totalSpent: Amount,
  averageOrderValue: ifKnown(Amount),
  lastOrderDate: ifKnown(Moment),
  currency: ifKnown(Locale.Currency)
})

const decode = Schema.decodeUnknownOption(Summary)

const figuresOf = (summary: typeof Summary.Type, defaultCurrency: string): OrderFigures => ({
  orderCount: summary.orderCount,
  totalSpent: summary.totalSpent,
  averageOrderValue: summary.averageOrderValue ?? averageOf(summary),
  ...(summary.lastOrderDate ? { lastOrderDate: summary.lastOrderDate } : {}),
  currency: summary.currency ?? defaultCurrency
})

const make = (options: UpstreamOptions) =>
  Effect.gen(function* () {
    const { defaultCurrency } = yield* CustomerPolicy
    const summary = yield* askService.make(
      {
        service: "orders",
        path: (id) => `/orders/customer/${id}/summary`,
        read: (body) =>
          Option.map(decode(fieldOf(dataOf(body), "summary") ?? dataOf(body)), (found) =>
            figuresOf(found, defaultCurrency)
          )
      },
      options
    )
    return OrderService.of({ summary })
  })

/**
 * The order service over HTTP: `GET {url}/orders/customer/{id}/summary`, whose answer is a customer's orders as they
 * are, under `data`, or under `data.summary`. Amounts may be text; what is not needed may be absent: the average follows
 * from the rest, and the currency is then the shop's own. A customer that the service does not know is no customer
 * without orders.
 */
export const layer = (options: UpstreamOptions): Layer.Layer<OrderService> =>
  Layer.effect(OrderService, make(options)).pipe(
    Layer.provide([upstreamClient.layer(options), CircuitBreaker.layerStoreMemory()])
  )
