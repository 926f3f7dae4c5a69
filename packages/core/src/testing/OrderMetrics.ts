import { Context, Effect, Layer, Option } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { Standing } from "../customer/Standing.ts"

/**
 * What a customer's orders have come to, where no port writes or reads it: each adapter's test says where it stands.
 * It outlasts her erasure.
 */
export class OrderMetrics extends Context.Service<
  OrderMetrics,
  {
    readonly record: (id: CustomerId, standing: Standing) => Effect.Effect<void>
    readonly kept: (id: CustomerId) => Effect.Effect<Option.Option<Standing>>
  }
>()("@customer-service/core/testing/OrderMetrics") {
  /** The metrics of customers in memory. */
  static readonly layerMemory: Layer.Layer<OrderMetrics, never, CustomerMemory> = Layer.effect(
    OrderMetrics,
    Effect.map(CustomerMemory, ({ customers, erased }) => ({
      record: (id, segment) =>
        Effect.sync(() => {
          const customer = customers.get(id)
          if (customer !== undefined) customers.set(id, { ...customer, segment })
        }),
      kept: (id) => Effect.sync(() => Option.fromNullishOr(erased.get(id)?.standing ?? customers.get(id)?.segment))
    }))
  )
}
