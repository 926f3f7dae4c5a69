import type { BigDecimal } from "effect"
import type { Address } from "../../customer/AddressBook.ts"
import type { Attributes } from "../../value/Attributes.ts"
import type { Facts } from "./Facts.ts"
import type { Operator } from "./Rule.ts"

/**
 * What a field holds: `instant` is milliseconds since the epoch, `date` a day written YYYY-MM-DD, `attribute` text, a
 * number or a boolean of the shop's own, `membership` whether she belongs to a segment.
 */
export type FieldType = "text" | "number" | "boolean" | "instant" | "date" | "attribute" | "membership"

export type FieldValue = string | number | boolean | BigDecimal.BigDecimal

/** A field that rules may ask for. */
export interface Field {
  readonly name: string
  readonly type: FieldType
  /** The values that there are: none where there is no value, several where several addresses have one. */
  readonly read: (facts: Facts) => ReadonlyArray<FieldValue>
  /** The name under which a change of it is told: see `changedFields.ts`. */
  readonly dependency: string
}

const given = <A extends FieldValue>(value: A | undefined): ReadonlyArray<A> => (value === undefined ? [] : [value])

/** The capitals of ASCII made small, and nothing else. */
export const folded = (text: string): string => text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())

const declare = (name: string, type: FieldType, read: Field["read"], dependency = name): readonly [string, Field] => [
  name,
  { name, type, read, dependency }
]

const profile = (["firstName", "lastName", "gender", "phone", "avatar"] as const).map((key) =>
  declare(`profile.${key}`, "text", ({ customer }) => given(customer.profile[key]))
)

const choices = (["language", "currency", "timezone"] as const).map((key) =>
  declare(`preferences.${key}`, "text", ({ customer }) => [customer.preferences[key]])
)

const marketing = (["emailOptIn", "smsOptIn", "pushOptIn"] as const).map((key) =>
  declare(`preferences.marketing.${key}`, "boolean", ({ customer }) => [customer.preferences.marketing[key]])
)

const notifications = (["orderUpdates", "promotions", "newsletters"] as const).map((key) =>
  declare(`preferences.notifications.${key}`, "boolean", ({ customer }) => [customer.preferences.notifications[key]])
)

const privacy = (["dataSharing", "analyticsTracking", "cookieConsent"] as const).map((key) =>
  declare(`preferences.privacy.${key}`, "boolean", ({ customer }) => [customer.preferences.privacy[key]])
)

const ofAddresses =
  (read: (address: Address) => FieldValue | undefined): Field["read"] =>
  ({ customer }) =>
    customer.addresses.flatMap((address) => given(read(address)))

const addressTexts = (
  [
    "type",
    "firstName",
    "lastName",
    "company",
    "street",
    "street2",
    "city",
    "state",
    "zipCode",
    "country",
    "phone"
  ] as const
).map((key) =>
  declare(
    `address.${key}`,
    "text",
    ofAddresses((address) => address[key]),
    "address"
  )
)

const addressFlags = (["isDefault", "isVerified"] as const).map((key) =>
  declare(
    `address.${key}`,
    "boolean",
    ofAddresses((address) => address[key]),
    "address"
  )
)

const addressMoments = (["createdAt", "updatedAt"] as const).map((key) =>
  declare(
    `address.${key}`,
    "instant",
    ofAddresses((address) => address[key].epochMilliseconds),
    "address"
  )
)

/** The fields that have a name of their own, by it. */
export const declaredFields: ReadonlyMap<string, Field> = new Map([
  declare("email", "text", ({ customer }) => [folded(customer.email)]),
  declare("status", "text", ({ customer }) => [customer.status]),
  declare("type", "text", ({ customer }) => [customer.customerType]),
  declare("createdAt", "instant", ({ customer }) => [customer.createdAt.epochMilliseconds]),
  ...profile,
  declare("profile.dateOfBirth", "date", ({ customer }) => given(customer.profile.dateOfBirth)),
  ...choices,
  ...marketing,
  ...notifications,
  ...privacy,
  ...addressTexts,
  ...addressFlags,
  ...addressMoments,
  declare("orders.count", "number", ({ customer }) => [customer.segment.orderCount]),
  declare("orders.total", "number", ({ customer }) => [customer.segment.totalSpent]),
  declare("orders.average", "number", ({ customer }) => [customer.segment.averageOrderValue]),
  declare("lastOrder", "instant", ({ lastOrderAt }) => given(lastOrderAt?.epochMilliseconds)),
  declare("loyalty.points", "number", ({ customer }) => [customer.segment.loyaltyPoints]),
  declare("tier", "text", ({ customer }) => [customer.segment.tier])
])

/** The fields that hold exact amounts. */
export const isAmount = ({ name }: Pick<Field, "name">): boolean => name === "orders.total" || name === "orders.average"

const attributePattern = /^(profile\.data|preferences\.custom)\.([A-Za-z][A-Za-z0-9_.-]{0,63})$/
const segmentPattern = /^segment\("([a-z0-9]+(?:-[a-z0-9]+)*)"\)$/

/** Where an attribute stands, and under which key; undefined for other fields. */
export const attributeIn = (name: string): { readonly place: "data" | "custom"; readonly key: string } | undefined => {
  const [, path, key] = attributePattern.exec(name) ?? []
  return key === undefined ? undefined : { place: path === "profile.data" ? "data" : "custom", key }
}

/** The name of the segment that a field asks for membership of; undefined for other fields. */
export const segmentIn = (name: string): string | undefined => segmentPattern.exec(name)?.[1]

/** The field that asks for membership of a segment. */
export const membershipField = (segment: string): string => `segment("${segment}")`

const own = (attributes: Attributes | undefined, key: string): ReadonlyArray<FieldValue> =>
  attributes !== undefined && Object.hasOwn(attributes, key) ? given(attributes[key]) : []

/** The field of this name; undefined where there is none. */
export const fieldOf = (name: string): Field | undefined => {
  const declared = declaredFields.get(name)
  if (declared !== undefined) return declared
  const attribute = attributeIn(name)
  if (attribute !== undefined) {
    const { key, place } = attribute
    const read: Field["read"] = ({ customer }) =>
      place === "data" ? own(customer.profile.data, key) : own(customer.preferences.custom, key)
    return { name, type: "attribute", read, dependency: name }
  }
  const segment = segmentIn(name)
  if (segment === undefined) return undefined
  return { name, type: "membership", read: ({ segments }) => [segments.has(segment)], dependency: name }
}

const comparing = ["lt", "lte", "gt", "gte", "between"] as const
const textual = ["contains", "startsWith"] as const

/** The operators that a field of each type takes. */
export const operatorsOf: { readonly [Type in FieldType]: ReadonlySet<Operator> } = {
  text: new Set<Operator>(["eq", "ne", "in", "exists", ...textual]),
  number: new Set<Operator>(["eq", "ne", "in", "exists", ...comparing]),
  boolean: new Set<Operator>(["eq", "ne", "exists"]),
  instant: new Set<Operator>(["eq", "ne", "exists", "withinLast", "notWithinLast", ...comparing]),
  date: new Set<Operator>(["eq", "ne", "in", "exists", "withinLast", "notWithinLast", "dayOfYear", ...comparing]),
  attribute: new Set<Operator>(["eq", "ne", "in", "exists", ...comparing, ...textual]),
  membership: new Set<Operator>(["eq", "ne"])
}
