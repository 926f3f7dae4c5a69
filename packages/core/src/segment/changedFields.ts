import { BigDecimal } from "effect"
import type { Customer } from "../customer/Customer.ts"
import type { Facts } from "./rule/Facts.ts"

/** What rules may ask of a customer, as of one moment, without the segments she belongs to. */
export type CustomerFacts = Pick<Facts, "customer" | "lastOrderAt">

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The dotted paths under which two plain values differ. */
const differences = (before: unknown, after: unknown, path: string): ReadonlyArray<string> => {
  if (before === after) return []
  if (!isRecord(before) && !isRecord(after)) return [path]
  const [old, wanted] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}]
  return [...new Set([...Object.keys(old), ...Object.keys(wanted)])].flatMap((key) =>
    differences(old[key], wanted[key], `${path}.${key}`)
  )
}

const changedIn = <A>(before: A, after: A, name: string, isSame = before === after): ReadonlyArray<string> =>
  isSame ? [] : [name]

const standingChanges = ({ segment: before }: Customer, { segment: after }: Customer): ReadonlyArray<string> =>
  before === after
    ? []
    : [
        ...changedIn(before.tier, after.tier, "tier"),
        ...changedIn(before.orderCount, after.orderCount, "orders.count"),
        ...changedIn(before, after, "orders.total", BigDecimal.equals(before.totalSpent, after.totalSpent)),
        ...changedIn(
          before,
          after,
          "orders.average",
          BigDecimal.equals(before.averageOrderValue, after.averageOrderValue)
        ),
        ...changedIn(before.loyaltyPoints, after.loyaltyPoints, "loyalty.points")
      ]

/**
 * The fields that differ, by the names that rules depend on: profile and preferences by their dotted paths, all that
 * addresses hold as `address`. None where nothing does that a rule could ask for.
 */
export const changedFields = (before: CustomerFacts, after: CustomerFacts): ReadonlyArray<string> => [
  ...changedIn(before.customer.email, after.customer.email, "email"),
  ...changedIn(before.customer.status, after.customer.status, "status"),
  ...changedIn(before.customer.customerType, after.customer.customerType, "type"),
  ...differences(before.customer.profile, after.customer.profile, "profile"),
  ...differences(before.customer.preferences, after.customer.preferences, "preferences"),
  ...changedIn(before.customer.addresses, after.customer.addresses, "address"),
  ...standingChanges(before.customer, after.customer),
  ...changedIn(before.lastOrderAt?.epochMilliseconds, after.lastOrderAt?.epochMilliseconds, "lastOrder")
]
