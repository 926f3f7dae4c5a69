import { BigDecimal, DateTime, Option } from "effect"
import type { Customer } from "../customer/Customer.ts"
import type { SegmentLabel, Tier } from "../customer/Standing.ts"
import { type Figures, isHighValue } from "../order/Figures.ts"
import { zero } from "../value/Money.ts"
import type { StandingPolicy } from "./StandingPolicy.ts"

type Spending = Pick<Figures, "orderCount" | "totalSpent">
type Person = Pick<Customer, "createdAt" | "customerType">

const reaches = BigDecimal.isGreaterThanOrEqualTo

/** The tier that spending makes. */
export const tierOf = ({ totalSpent }: Pick<Spending, "totalSpent">, policy: StandingPolicy): Tier => {
  if (reaches(totalSpent, policy.vipFrom)) return "vip"
  return reaches(totalSpent, policy.premiumFrom) ? "premium" : "regular"
}

/** Spent an order, rounded to four decimals; zero without orders. */
export const averageOf = ({ orderCount, totalSpent }: Spending): BigDecimal.BigDecimal =>
  orderCount === 0
    ? zero
    : BigDecimal.round(BigDecimal.divideUnsafe(totalSpent, BigDecimal.fromNumberUnsafe(orderCount)), {
        scale: 4,
        mode: "half-from-zero"
      })

/** When a customer is new no longer. */
export const newUntil = ({ createdAt }: Pick<Person, "createdAt">, { newCustomerDays }: StandingPolicy): DateTime.Utc =>
  DateTime.add(createdAt, { days: newCustomerDays })

/** The first label that fits, in the order of the specification. */
export const labelOf = (
  tier: Tier,
  spending: Spending,
  person: Person,
  policy: StandingPolicy,
  now: DateTime.Utc
): SegmentLabel => {
  if (tier === "vip") return "vip"
  if (isHighValue(spending.totalSpent, spending.orderCount, policy)) return "high_value"
  if (person.customerType === "business") return "wholesale"
  return DateTime.isLessThan(now, newUntil(person, policy)) ? "new_customer" : "regular"
}

/** What a tier or label asks for, in the specification's words. */
export const requirementsOf = ({ highValueFrom, premiumFrom, vipFrom }: StandingPolicy) => ({
  premium: `totalSpent >= ${BigDecimal.format(premiumFrom)}`,
  vip: `totalSpent >= ${BigDecimal.format(vipFrom)}`,
  highValue: `averageOrderValue >= ${BigDecimal.format(highValueFrom)}`
})

/** The way to the next tier: how much of it is gone, in percent with two decimals, and how much is left to spend. */
export interface NextTier {
  readonly tier: Tier
  readonly requirement: string
  readonly progress: number
  readonly remaining: BigDecimal.BigDecimal
}

const hundred = BigDecimal.fromNumberUnsafe(100)

const wayTo = (
  tier: "premium" | "vip",
  from: BigDecimal.BigDecimal,
  totalSpent: BigDecimal.BigDecimal,
  policy: StandingPolicy
): NextTier => {
  const share = Option.getOrElse(BigDecimal.divide(BigDecimal.multiply(totalSpent, hundred), from), () => hundred)
  const progress = BigDecimal.round(BigDecimal.min(share, hundred), { scale: 2, mode: "half-from-zero" })
  return {
    tier,
    requirement: requirementsOf(policy)[tier],
    progress: BigDecimal.toNumberUnsafe(progress),
    remaining: BigDecimal.max(zero, BigDecimal.subtract(from, totalSpent))
  }
}

/** The tier above this one; undefined where there is none. */
export const nextTierOf = (
  tier: Tier,
  totalSpent: BigDecimal.BigDecimal,
  policy: StandingPolicy
): NextTier | undefined => {
  if (tier === "vip") return undefined
  return tier === "premium"
    ? wayTo("vip", policy.vipFrom, totalSpent, policy)
    : wayTo("premium", policy.premiumFrom, totalSpent, policy)
}

const shown = (amount: BigDecimal.BigDecimal): string =>
  BigDecimal.toNumberUnsafe(BigDecimal.round(amount, { scale: 2, mode: "half-from-zero" })).toFixed(2)

/** Why spending makes this tier, in one line of figures. */
export const whyTier = (tier: Tier, { totalSpent }: Pick<Spending, "totalSpent">, policy: StandingPolicy): string => {
  const from = tier === "vip" ? policy.vipFrom : policy.premiumFrom
  return `totalSpent ${shown(totalSpent)} ${tier === "regular" ? "<" : ">="} ${BigDecimal.format(from)}`
}

/** Why this label is the first that fits. */
export const whyLabel = (label: SegmentLabel, spending: Spending, policy: StandingPolicy): string => {
  switch (label) {
    case "vip":
      return "tier is vip"
    case "high_value":
      return `averageOrderValue ${shown(averageOf(spending))} >= ${BigDecimal.format(policy.highValueFrom)}`
    case "wholesale":
      return "customerType is business"
    case "new_customer":
      return `registered less than ${policy.newCustomerDays} days ago`
    case "regular":
      return `no other label fits, and registered ${policy.newCustomerDays} days ago or more`
  }
}
