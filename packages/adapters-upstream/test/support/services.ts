import { LegacyId, LoyaltyService, OrderService, type UpstreamUnavailable } from "@customer-service/core"
import { freshCustomerId } from "@customer-service/core/testing"
import { Context, Effect, Layer, Metric } from "effect"
import { HttpLoyaltyService, HttpOrderService, type UpstreamOptions } from "@customer-service/adapters-upstream"

/** How a service is asked in tests that are about no time: no busy machine makes an answer late. */
const patient = { timeoutMillis: 10_000 }

/** The order service behind an address. */
export const orders = (options: UpstreamOptions) =>
  Effect.map(Layer.build(HttpOrderService.layer({ ...patient, ...options })), (context) =>
    Context.get(context, OrderService)
  )

/** The loyalty service behind an address. */
export const loyalty = (options: UpstreamOptions) =>
  Effect.map(Layer.build(HttpLoyaltyService.layer({ ...patient, ...options })), (context) =>
    Context.get(context, LoyaltyService)
  )

export const someone = () => ({ id: freshCustomerId() })

export const migrated = (legacyId: number) => ({ id: freshCustomerId(), legacyId: LegacyId.make(legacyId) })

/** Why a call gave no answer. */
export const reasonOf = <A, R>(call: Effect.Effect<A, UpstreamUnavailable, R>) =>
  Effect.map(Effect.flip(call), ({ reason }) => reason)

/** How often calls ended so, by outcome. */
export const outcomes = Effect.map(Metric.snapshot, (snapshots) =>
  Object.fromEntries(
    snapshots.flatMap((snapshot) =>
      snapshot.id === "customer_upstream_calls_total" && snapshot.type === "Counter"
        ? [[snapshot.attributes?.["outcome"] ?? "", Number(snapshot.state.count)]]
        : []
    )
  )
)

/** Metrics that no other test counts in. */
export const ownMetrics = Layer.sync(Metric.MetricRegistry, () => new Map())
