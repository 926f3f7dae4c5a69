import { type DateTime, Schema } from "effect"
import { Tier } from "../customer/Standing.ts"
import { Instant } from "../value/Instant.ts"
import { counted, provenance } from "./AnalyticsFacts.ts"
import { Month } from "./Months.ts"
import { CountBounds, InstantBounds, MoneyBounds, type Quantiles, type Scores } from "./Quantiles.ts"
import { groupOf, RfmGroup } from "./RfmGroup.ts"

/** How many open accounts there are of what: those that are neither closed nor erased. */
export interface OverviewCounts {
  readonly customers: number
  /** By tier, but for tiers that nobody has. */
  readonly tiers: ReadonlyArray<{ readonly tier: Tier; readonly count: number }>
  /** Members of each segment, by the segment's name. */
  readonly segments: ReadonlyArray<{ readonly name: string; readonly count: number }>
  /** By scores, of accounts with at least one order; none without quantiles. */
  readonly scores: ReadonlyArray<Scores & { readonly count: number }>
  /** By month of registration, the newest first; those with nobody in them are left out. */
  readonly months: ReadonlyArray<{ readonly month: string; readonly count: number }>
  readonly quantiles?: Quantiles | undefined
}

/** The longest list of months that an overview holds. */
export const mostMonths = 120

/** Everybody at a glance, as the API shows it. */
export const AnalyticsOverview = Schema.Struct({
  customers: Schema.Int.annotate({ description: "How many open accounts there are: neither closed nor erased." }),
  tiers: Schema.Array(Schema.Struct({ tier: Tier, count: Schema.Int })),
  segments: Schema.Array(Schema.Struct({ name: Schema.String, count: Schema.Int })),
  rfmGroups: Schema.Array(Schema.Struct({ group: RfmGroup, count: Schema.Int })),
  registrations: Schema.Array(Schema.Struct({ month: Month, count: Schema.Int })).annotate({
    description: "Open accounts by month of registration, the newest first; at most 120."
  }),
  quantiles: Schema.optionalKey(
    Schema.Struct({
      computedAt: Instant,
      baseSize: Schema.Int,
      recency: InstantBounds,
      frequency: CountBounds,
      monetary: MoneyBounds
    }).annotate({ description: "The bounds that groups were read by; absent before there was an order." })
  ),
  ...provenance
}).annotate({ identifier: "AnalyticsOverview" })
export type AnalyticsOverview = typeof AnalyticsOverview.Type

const groupsIn = (scores: OverviewCounts["scores"]): AnalyticsOverview["rfmGroups"] => {
  const counts = scores.map(({ count, ...its }) => ({ group: groupOf(its), count }))
  return RfmGroup.literals.map((group) => ({
    group,
    count: counts.filter((each) => each.group === group).reduce((sum, { count }) => sum + count, 0)
  }))
}

/** Everybody at a glance: every tier and group is named, also where nobody is in it. */
export const overviewOf = (counts: OverviewCounts, now: DateTime.Utc): AnalyticsOverview => {
  const { customers, months, quantiles, scores, segments, tiers } = counts
  const ordering = scores.reduce((sum, { count }) => sum + count, 0)
  const grouped =
    quantiles === undefined ? "no groups before there was an order" : `groups of the ${ordering} with an order`
  return {
    customers,
    tiers: Tier.literals.map((tier) => ({ tier, count: tiers.find((each) => each.tier === tier)?.count ?? 0 })),
    segments,
    rfmGroups: groupsIn(scores),
    registrations: months,
    ...(quantiles === undefined ? {} : { quantiles }),
    basis: `${counted(customers, "open account")}; ${grouped}; segments by their members`,
    asOf: now
  }
}
