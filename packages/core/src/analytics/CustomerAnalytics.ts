import { Clock, Context, DateTime, Effect, Layer, Option } from "effect"
import { CustomerNotFound, type StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { AnalyticsFacts } from "./AnalyticsFacts.ts"
import type { OverviewCounts } from "./AnalyticsOverview.ts"
import { analyticsInMemory } from "./analyticsInMemory.ts"
import type { Quantiles } from "./Quantiles.ts"

/**
 * What analytics are computed from: of one customer, and of everybody.
 *
 * MUSTs, each with a contract test of the same wording:
 * - find gives every order of hers and of nobody else, the first completed first, with its exact total
 * - find counts logins of the last 30 and 90 days alone
 * - find counts the loyalty events of hers
 * - find fails with CustomerNotFound for an id that is not there, and for one who was erased
 * - quantiles are the bounds of all open accounts with an order, ties included
 * - quantiles are kept until they are recomputed
 * - quantiles that are young enough are not recomputed
 * - quantiles are recomputed by one at a time
 * - an overview counts open accounts alone, by tier, by scores and by month of registration
 */
export class CustomerAnalytics extends Context.Service<
  CustomerAnalytics,
  {
    /** As of one moment; logins are counted back from now. */
    readonly find: (id: CustomerId) => Effect.Effect<AnalyticsFacts, CustomerNotFound | StorageUnavailable>
    /**
     * Takes the quantiles of the base anew, unless there are some that were computed after `unlessAfter`, or somebody
     * else is at it. Answers them where they were recomputed; without a base there are none from then on.
     */
    readonly recompute: (unlessAfter?: DateTime.Utc) => Effect.Effect<Option.Option<Quantiles>, StorageUnavailable>
    /** What is counted may lag behind by a moment. */
    readonly overview: Effect.Effect<OverviewCounts, StorageUnavailable>
  }
>()("@customer-service/core/CustomerAnalytics") {}

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const clock = yield* Clock.Clock
  const { countsOf, factsOf, takeQuantiles } = analyticsInMemory(memory)
  const now = () => DateTime.makeUnsafe(clock.currentTimeMillisUnsafe())
  const kept: { quantiles?: Quantiles | undefined } = {}

  return CustomerAnalytics.of({
    find: (id) =>
      Effect.suspend(() => {
        const facts = factsOf(id, now())
        return facts === undefined
          ? Effect.fail(new CustomerNotFound({ customerId: id }))
          : Effect.succeed({ ...facts, quantiles: kept.quantiles })
      }),
    recompute: (unlessAfter) =>
      Effect.sync(() => {
        const { quantiles } = kept
        const isYoung =
          quantiles !== undefined &&
          unlessAfter !== undefined &&
          DateTime.isGreaterThan(quantiles.computedAt, unlessAfter)
        if (isYoung) return Option.none()
        kept.quantiles = takeQuantiles(now())
        return Option.fromUndefinedOr(kept.quantiles)
      }),
    overview: Effect.sync(() => countsOf(kept.quantiles))
  })
})

/** The analytics of the customers in memory. */
export const layerMemory: Layer.Layer<CustomerAnalytics, never, CustomerMemory> = Layer.effect(CustomerAnalytics, make)
