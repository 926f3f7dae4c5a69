import { expect } from "vitest"
import type { Known } from "./customers.ts"
import type { Service } from "./service.ts"

/** An order as it is told of: when it was completed, and what it came to in whole cents. */
export interface Sale {
  readonly completedAt: string
  readonly cents: number
}

/** Analytics as the API shows them, as far as the tests look into them by name. */
export interface AnalyticsView {
  readonly asOf: string
  readonly rfm: {
    readonly code?: string
    readonly group?: string
    readonly quantiles?: { readonly computedAt: string }
  }
  readonly engagement: { readonly score: number }
}

/** The analytics that somebody with this token is shown. */
export const analyticsOf = async (service: Service, { path }: Pick<Known, "path">, token: string) => {
  const answer = await service.send("GET", `${path}/analytics`, { token })
  expect(answer.status, answer.text).toBe(200)
  return (answer.body as { data: { analytics: AnalyticsView } }).data.analytics
}

const day = 24 * 3_600_000
const times = (sales: ReadonlyArray<Sale>) =>
  sales.map(({ completedAt }) => Date.parse(completedAt)).toSorted((one, other) => one - other)
const sum = (values: ReadonlyArray<number>) => values.reduce((total, value) => total + value, 0)
const rounded = (value: number) => Math.round(value * 100) / 100
const iso = (time: number) => new Date(time).toISOString()

/** The values at the ends of the first four fifths. */
const boundsOf = (values: ReadonlyArray<number>) => {
  const sorted = values.toSorted((one, other) => one - other)
  return [1, 2, 3, 4].map((fifth) => sorted[Math.ceil((fifth * sorted.length) / 5) - 1] ?? Number.NaN)
}

const figuresOf = (sales: ReadonlyArray<Sale>) => ({
  last: times(sales).at(-1) ?? Number.NaN,
  count: sales.length,
  cents: sum(sales.map(({ cents }) => cents))
})

const scoreOf = (value: number, bounds: ReadonlyArray<number>) => 1 + bounds.filter((bound) => value > bound).length

/** Recency, frequency and monetary of a customer, worked out by hand beside everybody's orders. */
export const rfmByHand = (
  sales: ReadonlyArray<Sale>,
  everybodys: ReadonlyArray<ReadonlyArray<Sale>>,
  asOf: string,
  computedAt: string
) => {
  const [hers, base] = [figuresOf(sales), everybodys.filter((their) => their.length > 0).map(figuresOf)]
  const recency = boundsOf(base.map(({ last }) => last))
  const frequency = boundsOf(base.map(({ count }) => count))
  const monetary = boundsOf(base.map(({ cents }) => cents))
  const scores = [scoreOf(hers.last, recency), scoreOf(hers.count, frequency), scoreOf(hers.cents, monetary)]
  return {
    recency: {
      lastOrderAt: iso(hers.last),
      days: Math.floor((Date.parse(asOf) - hers.last) / day),
      score: scores[0],
      bounds: recency.map(iso),
      boundsInDays: recency.map((bound) => Math.floor((Date.parse(computedAt) - bound) / day))
    },
    frequency: { orderCount: hers.count, score: scores[1], bounds: frequency },
    monetary: { totalSpent: hers.cents / 100, score: scores[2], bounds: monetary.map((cents) => cents / 100) },
    code: scores.join(""),
    quantiles: { computedAt, baseSize: base.length }
  }
}

const middle = (values: ReadonlyArray<number>) => {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (place: number) => sorted[place] ?? Number.NaN
  const half = sorted.length / 2
  return sorted.length % 2 === 1 ? at(Math.floor(half)) : (at(half - 1) + at(half)) / 2
}

/** Intervals between orders and the next one, worked out by hand; there are at least three orders. */
export const paceByHand = (sales: ReadonlyArray<Sale>, asOf: string) => {
  const inOrder = times(sales)
  const gaps = inOrder.slice(1).map((time, index) => time - (inOrder[index] ?? time))
  const last = inOrder.at(-1) ?? Number.NaN
  return {
    intervals: {
      count: gaps.length,
      mean: rounded(sum(gaps) / gaps.length / day),
      median: rounded(middle(gaps) / day),
      shortest: rounded(Math.min(...gaps) / day),
      longest: rounded(Math.max(...gaps) / day)
    },
    nextOrder: {
      expectedAt: iso(last + Math.round(middle(gaps))),
      overdueRatio: rounded((Date.parse(asOf) - last) / middle(gaps))
    }
  }
}

/** Twelve months up to that of `asOf`, worked out by hand. */
export const monthsByHand = (sales: ReadonlyArray<Sale>, asOf: string) => {
  const [year, month] = asOf.split("-").map(Number)
  return Array.from({ length: 12 }, (_, index) => {
    const name = iso(Date.UTC(year ?? 0, (month ?? 0) - 12 + index, 1)).slice(0, 7)
    const of = sales.filter(({ completedAt }) => completedAt.startsWith(name))
    return { month: name, orderCount: of.length, totalSpent: sum(of.map(({ cents }) => cents)) / 100 }
  })
}
