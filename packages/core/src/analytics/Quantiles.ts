import { BigDecimal, DateTime, Number, type Order, Schema } from "effect"
import { Instant } from "../value/Instant.ts"
import { Money } from "../value/Money.ts"

/** From 1, the lowest fifth of a base, to 5, the highest. */
export const Score = Schema.Literals([1, 2, 3, 4, 5]).annotate({
  description: "The fifth of the base that a figure falls into: 1 the lowest, 5 the highest."
})
export type Score = typeof Score.Type

/** The four values that cut a base into fifths, ascending. */
export type Bounds<A> = readonly [A, A, A, A]

const boundsSchema = <S extends Schema.Constraint>(value: S) =>
  Schema.Tuple([value, value, value, value]).annotate({
    description: "The four values that cut the base into fifths, ascending: a score is 1 and one for each exceeded."
  })

export const InstantBounds = boundsSchema(Instant)
export const CountBounds = boundsSchema(Schema.Int)
export const MoneyBounds = boundsSchema(Money)

/** Figures of one customer that are scored. */
export interface Figures {
  readonly lastOrderAt: DateTime.Utc
  readonly orderCount: number
  readonly totalSpent: BigDecimal.BigDecimal
}

/** What cuts the base, all open accounts with at least one order, into fifths by each figure. */
export interface Quantiles {
  readonly computedAt: DateTime.Utc
  /** How many accounts the bounds were taken from. */
  readonly baseSize: number
  readonly recency: Bounds<DateTime.Utc>
  readonly frequency: Bounds<number>
  readonly monetary: Bounds<BigDecimal.BigDecimal>
}

/** The scores of one customer. */
export interface Scores {
  readonly recency: Score
  readonly frequency: Score
  readonly monetary: Score
}

const fifths: Bounds<number> = [1, 2, 3, 4]

/**
 * The bounds of some values: of n values in ascending order, counted from 1, the value at place ceil(k * n / 5) for k
 * from 1 to 4. That is `percentile_disc` at 0.2, 0.4, 0.6 and 0.8. Undefined where there are no values.
 */
export const boundsOf = <A extends {}>(values: ReadonlyArray<A>, order: Order.Order<A>): Bounds<A> | undefined => {
  const sorted = values.toSorted(order)
  const [first, second, third, fourth] = fifths.map((fifth) => sorted[Math.ceil((fifth * sorted.length) / 5) - 1])
  return first === undefined || second === undefined || third === undefined || fourth === undefined
    ? undefined
    : [first, second, third, fourth]
}

const scores: readonly [Score, ...ReadonlyArray<Score>] = [1, 2, 3, 4, 5]

/** 1 and one for each bound that the value exceeds; a value that equals a bound does not exceed it. */
export const scoreOf = <A>(value: A, bounds: Bounds<A>, order: Order.Order<A>): Score =>
  scores[bounds.filter((bound) => order(value, bound) > 0).length] ?? scores[0]

/** The scores of a customer by these quantiles. */
export const scoresOf = ({ lastOrderAt, orderCount, totalSpent }: Figures, quantiles: Quantiles): Scores => ({
  recency: scoreOf(lastOrderAt, quantiles.recency, DateTime.Order),
  frequency: scoreOf(orderCount, quantiles.frequency, Number.Order),
  monetary: scoreOf(totalSpent, quantiles.monetary, BigDecimal.Order)
})

/** The quantiles of a base; undefined where nobody is in it. */
export const quantilesOf = (base: ReadonlyArray<Figures>, computedAt: DateTime.Utc): Quantiles | undefined => {
  const recency = boundsOf(
    base.map(({ lastOrderAt }) => lastOrderAt),
    DateTime.Order
  )
  const frequency = boundsOf(
    base.map(({ orderCount }) => orderCount),
    Number.Order
  )
  const monetary = boundsOf(
    base.map(({ totalSpent }) => totalSpent),
    BigDecimal.Order
  )
  return recency === undefined || frequency === undefined || monetary === undefined
    ? undefined
    : { computedAt, baseSize: base.length, recency, frequency, monetary }
}
