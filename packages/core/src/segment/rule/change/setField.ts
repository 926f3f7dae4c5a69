import { BigDecimal, DateTime, Option, Schema } from "effect"
import { type Customer, CustomerStatus, CustomerType } from "../../../customer/Customer.ts"
import { changePreferences, PreferencesChanges } from "../../../customer/Preferences.ts"
import { changeProfile, ProfileChanges } from "../../../customer/Profile.ts"
import { Tier } from "../../../customer/Standing.ts"
import { excessOf } from "../../../value/Attributes.ts"
import { Email } from "../../../value/Email.ts"
import { averageOf } from "../../Tier.ts"
import type { Facts } from "../Facts.ts"
import { momentOf } from "../moments.ts"
import type { Scalar } from "../Rule.ts"
import { attributeIn, segmentIn } from "../ruleFields.ts"

type Value = Scalar | null
type Setter = (customer: Customer, to: Value) => Customer | undefined

const strict = { onExcessProperty: "error" } as const
const readProfile = Schema.decodeUnknownOption(Schema.toType(ProfileChanges), strict)
const readPreferences = Schema.decodeUnknownOption(Schema.toType(PreferencesChanges), strict)
const isEmail = Schema.is(Email)
const isType = Schema.is(CustomerType)
const isStatus = Schema.is(CustomerStatus)
const isTier = Schema.is(Tier)

const profileWith = (customer: Customer, changes: unknown): Customer | undefined =>
  Option.getOrUndefined(
    Option.map(readProfile(changes), (read) => ({ ...customer, profile: changeProfile(customer.profile, read) }))
  )

const preferencesWith = (customer: Customer, changes: unknown): Customer | undefined =>
  Option.getOrUndefined(
    Option.map(readPreferences(changes), (read) => ({
      ...customer,
      preferences: changePreferences(customer.preferences, read)
    }))
  )

/** Changes at a dotted path, as the API takes them. */
const nested = (path: ReadonlyArray<string>, to: Value): unknown =>
  path.reduceRight<unknown>((value, key) => ({ [key]: value }), to)

// A status comes from another one: nobody who was let in waits for her verification again.
const statusesAfter: Readonly<Record<CustomerStatus, ReadonlyArray<CustomerStatus>>> = {
  active: ["active", "suspended"],
  pending: ["pending", "active", "suspended"],
  suspended: ["suspended", "active", "pending"],
  inactive: ["inactive"]
}

/** How many orders the store can count, and what they can come to so that cents stay exact in JSON. */
const orderLimits = { count: 2_147_483_647, total: 90_000_000_000_000 } as const

const isCount = (to: Value, highest: number): to is number =>
  typeof to === "number" && Number.isSafeInteger(to) && to >= 0 && to <= highest

/** Whether an amount has at most two decimals: written shortest, as it is on the wire. */
const isAmount = (to: Value): to is number =>
  typeof to === "number" && to >= 0 && to <= orderLimits.total && Number(to.toFixed(2)) === to

const withOrders = (customer: Customer, figures: Partial<Customer["segment"]>): Customer => {
  const segment = { ...customer.segment, ...figures }
  return { ...customer, segment: { ...segment, averageOrderValue: averageOf(segment) } }
}

const setters: Readonly<Record<string, Setter>> = {
  email: (customer, to) => (isEmail(to) ? { ...customer, email: to } : undefined),
  type: (customer, to) => (isType(to) ? { ...customer, customerType: to } : undefined),
  status: (customer, to) =>
    isStatus(to) && statusesAfter[customer.status].includes(to) ? { ...customer, status: to } : undefined,
  tier: (customer, to) => (isTier(to) ? { ...customer, segment: { ...customer.segment, tier: to } } : undefined),
  "loyalty.points": (customer, to) =>
    isCount(to, Number.MAX_SAFE_INTEGER)
      ? { ...customer, segment: { ...customer.segment, loyaltyPoints: to } }
      : undefined,
  "orders.count": (customer, to) =>
    isCount(to, orderLimits.count) ? withOrders(customer, { orderCount: to }) : undefined,
  "orders.total": (customer, to) =>
    isAmount(to) ? withOrders(customer, { totalSpent: BigDecimal.fromNumberUnsafe(to) }) : undefined
}

const setAttribute = (customer: Customer, field: string, to: Value): Customer | undefined => {
  const { key, place } = attributeIn(field) ?? { key: "", place: "data" }
  const changes = { [place]: { [key]: to } }
  const changed = place === "data" ? profileWith(customer, changes) : preferencesWith(customer, changes)
  const attributes = place === "data" ? changed?.profile.data : changed?.preferences.custom
  return excessOf(attributes ?? {}) === undefined ? changed : undefined
}

const isToCome = (field: string, to: Value, at: number): boolean =>
  field === "profile.dateOfBirth" && typeof to === "string" && to > DateTime.formatIsoDateUtc(DateTime.makeUnsafe(at))

const setOfCustomer = (customer: Customer, field: string, to: Value, at: number): Customer | undefined => {
  if (attributeIn(field) !== undefined) return setAttribute(customer, field, to)
  const [place, ...path] = field.split(".")
  if (place === "profile") return isToCome(field, to, at) ? undefined : profileWith(customer, nested(path, to))
  return place === "preferences" ? preferencesWith(customer, nested(path, to)) : setters[field]?.(customer, to)
}

const setLastOrder = (facts: Facts, to: Value, at: number): Facts | undefined => {
  if (to === null) return { ...facts, lastOrderAt: undefined }
  const moment = typeof to === "string" ? momentOf(to) : undefined
  return moment === undefined || moment > at ? undefined : { ...facts, lastOrderAt: DateTime.makeUnsafe(moment) }
}

const setMembership = (facts: Facts, segment: string, to: Value): Facts | undefined => {
  if (typeof to !== "boolean") return undefined
  const segments = new Set(facts.segments)
  if (to) segments.add(segment)
  else segments.delete(segment)
  return { ...facts, segments }
}

/**
 * Facts in which a field has another value, or none (null), at a moment in milliseconds since the epoch. Her average
 * follows from the number and the total of her orders. Undefined where one customer's data cannot have the value:
 * registrations and averages that are set, orders and births that are to come, values that the field does not take.
 */
export const setField = (facts: Facts, field: string, to: Value, at: number): Facts | undefined => {
  if (field === "lastOrder") return setLastOrder(facts, to, at)
  const segment = segmentIn(field)
  if (segment !== undefined) return setMembership(facts, segment, to)
  const customer = setOfCustomer(facts.customer, field, to, at)
  return customer === undefined ? undefined : { ...facts, customer }
}
