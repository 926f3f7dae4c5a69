import { BigDecimal, Context } from "effect"

/** From which figures on a customer stands where; amounts in the shop's currency. Every field is a setting. */
export interface StandingPolicy {
  /** Spent in all. */
  readonly premiumFrom: BigDecimal.BigDecimal
  /** Spent in all. */
  readonly vipFrom: BigDecimal.BigDecimal
  /** Spent an order, on average. */
  readonly highValueFrom: BigDecimal.BigDecimal
  /** For how many days from her registration a customer is new. */
  readonly newCustomerDays: number
}

/** The policy in force. */
export const StandingPolicy = Context.Reference<StandingPolicy>("@customer-service/core/StandingPolicy", {
  defaultValue: () => ({
    premiumFrom: BigDecimal.fromNumberUnsafe(1000),
    vipFrom: BigDecimal.fromNumberUnsafe(10_000),
    highValueFrom: BigDecimal.fromNumberUnsafe(200),
    newCustomerDays: 30
  })
})
