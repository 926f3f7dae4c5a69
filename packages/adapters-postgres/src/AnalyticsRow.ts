import { type AnalyticsFacts, Instant, type OverviewCounts, Quantiles, Tier } from "@customer-service/core"
import { BigDecimal, DateTime, Schema } from "effect"
import { standingOf, type StandingRow } from "./StandingRow.ts"

const Amount = Schema.BigDecimalFromString

const QuantilesRow = Schema.Struct({
  computedAt: Instant,
  baseSize: Schema.Int,
  recency: Quantiles.InstantBounds,
  frequency: Quantiles.CountBounds,
  monetary: Schema.Tuple([Amount, Amount, Amount, Amount])
})

const count = Schema.Int

const OverviewRow = Schema.Struct({
  customers: count,
  tiers: Schema.Array(Schema.Struct({ tier: Tier, count })),
  scores: Schema.Array(
    Schema.Struct({ recency: Quantiles.Score, frequency: Quantiles.Score, monetary: Quantiles.Score, count })
  ),
  months: Schema.Array(Schema.Struct({ month: Schema.String, count })),
  segments: Schema.Array(Schema.Struct({ name: Schema.String, count })),
  quantiles: Schema.NullOr(QuantilesRow)
})

/** The quantiles that JSON holds. */
export const quantilesOf = Schema.decodeUnknownSync(QuantilesRow)

const decodeOverview = Schema.decodeUnknownSync(OverviewRow)

/** A customer with what her analytics are computed from; of an order its milliseconds since 1970, and its total. */
export interface AnalyticsRow extends StandingRow {
  readonly orders: ReadonlyArray<readonly [number, string]>
  readonly logins: AnalyticsFacts["logins"]
  readonly loyaltyEvents: number
  readonly quantiles: unknown
}

/** What a row holds of a customer. */
export const factsOf = ({ logins, loyaltyEvents, orders, quantiles, ...row }: AnalyticsRow): AnalyticsFacts => ({
  ...standingOf(row),
  orders: orders.map(([completedAt, total]) => ({
    completedAt: DateTime.makeUnsafe(completedAt),
    total: BigDecimal.fromStringUnsafe(total)
  })),
  logins,
  loyaltyEvents,
  quantiles: quantiles === null ? undefined : quantilesOf(quantiles)
})

/** What a row holds of everybody. */
export const countsOf = (row: unknown): OverviewCounts => {
  const { quantiles, ...counts } = decodeOverview(row)
  return quantiles === null ? counts : { ...counts, quantiles }
}
