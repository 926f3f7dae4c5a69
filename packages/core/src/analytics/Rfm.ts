import { DateTime, Schema } from "effect"
import { Instant } from "../value/Instant.ts"
import { Money } from "../value/Money.ts"
import {
  type AnalyticsFacts,
  areOrdersKnown,
  counted,
  ordersTold,
  provenance,
  totalOf,
  wholeDays
} from "./AnalyticsFacts.ts"
import { CountBounds, InstantBounds, MoneyBounds, type Quantiles, Score, type Scores, scoresOf } from "./Quantiles.ts"
import { codeOf, groupOf, RfmGroup } from "./RfmGroup.ts"

const score = Schema.optionalKey(Score)

/** How lately, how often and for how much she bought, beside the whole base. */
export const Rfm = Schema.Struct({
  recency: Schema.Struct({
    lastOrderAt: Schema.optionalKey(Instant),
    days: Schema.optionalKey(Schema.Int.annotate({ description: "Whole days since her last order." })),
    score,
    bounds: Schema.optionalKey(InstantBounds),
    boundsInDays: Schema.optionalKey(
      CountBounds.annotate({ description: "Whole days from each bound to `computedAt`." })
    ),
    ...provenance
  }),
  frequency: Schema.Struct({
    orderCount: Schema.optionalKey(Schema.Int),
    score,
    bounds: Schema.optionalKey(CountBounds),
    ...provenance
  }),
  monetary: Schema.Struct({
    totalSpent: Schema.optionalKey(Money),
    score,
    bounds: Schema.optionalKey(MoneyBounds),
    ...provenance
  }),
  code: Schema.optionalKey(Schema.String.annotate({ description: "The three scores.", examples: ["545"] })),
  group: Schema.optionalKey(RfmGroup),
  quantiles: Schema.optionalKey(
    Schema.Struct({
      computedAt: Instant,
      baseSize: Schema.Int.annotate({ description: "How many open accounts with at least one order there were." })
    })
  ),
  ...provenance
})
type Rfm = typeof Rfm.Type

const boundsInDays = ({ computedAt, recency: [first, second, third, fourth] }: Quantiles) =>
  [
    wholeDays(first, computedAt),
    wholeDays(second, computedAt),
    wholeDays(third, computedAt),
    wholeDays(fourth, computedAt)
  ] as const

/** The figures of a customer whose orders are known, but for her last order where she has none. */
const figuresOf = (facts: AnalyticsFacts) =>
  areOrdersKnown(facts) ? { orderCount: facts.orders.length, totalSpent: totalOf(facts.orders) } : undefined

const scoredBy = ({ baseSize, computedAt }: Quantiles): string =>
  `the fifths of ${counted(baseSize, "open account")} with orders, taken at ${DateTime.formatIso(computedAt)}`

const howScored = (scores: Scores | undefined, { quantiles }: AnalyticsFacts): string => {
  if (quantiles === undefined) return "not scored: no open account had an order when bounds were last taken"
  if (scores === undefined) return "not scored: no order of hers is known"
  return `scored by ${scoredBy(quantiles)}`
}

const recencyOf = ({ orders, quantiles }: AnalyticsFacts, scores: Scores | undefined, now: DateTime.Utc) => {
  const lastOrderAt = orders.at(-1)?.completedAt
  return {
    ...(lastOrderAt === undefined ? {} : { lastOrderAt, days: wholeDays(lastOrderAt, now) }),
    ...(quantiles === undefined ? {} : { bounds: quantiles.recency, boundsInDays: boundsInDays(quantiles) }),
    ...(scores === undefined ? {} : { score: scores.recency })
  }
}

/** How a figure came about; of nobody's orders there is no figure. */
const figureFrom = (what: string, facts: AnalyticsFacts): string =>
  facts.orders.length === 0 ? ordersTold(facts) : `${what} ${ordersTold(facts)}`

const groupFrom = ({ frequency, monetary, recency }: Scores): string =>
  `recency ${recency}, and the rounded mean of frequency ${frequency} and monetary ${monetary}`

/** The scores of a customer at `now`. */
export const rfmOf = (facts: AnalyticsFacts, now: DateTime.Utc): Rfm => {
  const { orders, quantiles } = facts
  const [figures, lastOrderAt] = [figuresOf(facts), orders.at(-1)?.completedAt]
  const isScored = figures !== undefined && lastOrderAt !== undefined && quantiles !== undefined
  const scores = isScored ? scoresOf({ ...figures, lastOrderAt }, quantiles) : undefined
  const scored = howScored(scores, facts)
  const told = (what: string) => ({ basis: `${figureFrom(what, facts)}; ${scored}`, asOf: now })
  return {
    recency: { ...recencyOf(facts, scores, now), ...told("the last of") },
    frequency: {
      ...(figures === undefined ? {} : { orderCount: figures.orderCount }),
      ...(quantiles === undefined ? {} : { bounds: quantiles.frequency }),
      ...(scores === undefined ? {} : { score: scores.frequency }),
      ...told("the number of")
    },
    monetary: {
      ...(figures === undefined ? {} : { totalSpent: figures.totalSpent }),
      ...(quantiles === undefined ? {} : { bounds: quantiles.monetary }),
      ...(scores === undefined ? {} : { score: scores.monetary }),
      ...told("the sum of")
    },
    ...(scores === undefined ? {} : { code: codeOf(scores), group: groupOf(scores) }),
    ...(quantiles === undefined
      ? {}
      : { quantiles: { computedAt: quantiles.computedAt, baseSize: quantiles.baseSize } }),
    basis: scores === undefined ? scored : groupFrom(scores),
    asOf: now
  }
}
