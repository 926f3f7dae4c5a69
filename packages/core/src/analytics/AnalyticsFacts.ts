import { BigDecimal, DateTime, Schema } from "effect"
import type { Customer } from "../customer/Customer.ts"
import type { OrderEntry } from "../order/Figures.ts"
import type { StandingRecord } from "../segment/StandingRecord.ts"
import { Instant } from "../value/Instant.ts"
import { zero } from "../value/Money.ts"
import type { Quantiles } from "./Quantiles.ts"

/** An order as far as analytics look at it. */
export type PastOrder = Pick<OrderEntry, "completedAt" | "total">

/** What a customer's analytics are computed from, as of one moment. */
export interface AnalyticsFacts {
  readonly customer: Customer
  readonly record: StandingRecord
  /** Every order of hers that was told of, the first completed first. */
  readonly orders: ReadonlyArray<PastOrder>
  /** How often she logged in within so many days. */
  readonly logins: { readonly last30Days: number; readonly last90Days: number }
  /** How many loyalty events of hers were told of. */
  readonly loyaltyEvents: number
  /** Undefined where nobody was in the base, or nobody has computed them yet. */
  readonly quantiles?: Quantiles | undefined
}

/** What every block of figures says about itself. */
export const provenance = {
  basis: Schema.String.annotate({ description: "From what the figures were computed, in one line." }),
  asOf: Instant.annotate({ description: "When they were right." })
}

/** Milliseconds of a day: of exactly 24 hours. */
const dayMillis = 86_400_000

/** Milliseconds in days with two decimals. */
export const daysIn = (milliseconds: number): number => Math.round(milliseconds / (dayMillis / 100)) / 100

/** Milliseconds from `since` to `now`; none where that is still to come. */
export const millisSince = (since: DateTime.Utc, now: DateTime.Utc): number =>
  Math.max(0, now.epochMilliseconds - since.epochMilliseconds)

/** Whole days from `since` to `now`. */
export const wholeDays = (since: DateTime.Utc, now: DateTime.Utc): number =>
  Math.floor(millisSince(since, now) / dayMillis)

/** What orders come to, exactly. */
export const totalOf = (orders: ReadonlyArray<PastOrder>): BigDecimal.BigDecimal =>
  orders.reduce((sum, { total }) => BigDecimal.sum(sum, total), zero)

/** Whether what was told of her orders is what there is to know: whoever came from elsewhere may have ordered before. */
export const areOrdersKnown = ({ customer, orders }: AnalyticsFacts): boolean =>
  customer.legacyId === undefined || orders.length > 0

/** So many of something, in words. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`

/** Which orders figures were computed from, in one line. */
export const ordersTold = ({ customer, orders }: AnalyticsFacts): string => {
  const [first, last] = [orders.at(0), orders.at(-1)]
  const { createdAt, legacyId } = customer
  if (first === undefined || last === undefined) {
    return legacyId === undefined
      ? `no order was told of by an OrderCompleted event since she registered on ${DateTime.formatIsoDateUtc(createdAt)}`
      : "not known: she came from elsewhere, and no order of hers was told of by an OrderCompleted event"
  }
  const [from, to] = [DateTime.formatIsoDateUtc(first.completedAt), DateTime.formatIsoDateUtc(last.completedAt)]
  const told = `${counted(orders.length, "order")} told of by OrderCompleted events, completed ${from}..${to}`
  return legacyId === undefined ? told : `${told}; orders from before she came here are not known`
}
