import type { FieldValue } from "./ruleFields.ts"
import { attributeIn } from "./ruleFields.ts"
import { counted } from "./explainWords.ts"

const nouns: Readonly<Record<string, string>> = {
  email: "her email address",
  status: "her account",
  type: "her customer type",
  createdAt: "her registration",
  "profile.firstName": "her first name",
  "profile.lastName": "her last name",
  "profile.gender": "her gender",
  "profile.phone": "her telephone number",
  "profile.avatar": "her picture",
  "profile.dateOfBirth": "her date of birth",
  "preferences.language": "her language",
  "preferences.currency": "her currency",
  "preferences.timezone": "her time zone",
  "orders.count": "the number of her orders",
  "orders.total": "what she has spent",
  "orders.average": "her average order",
  lastOrder: "her last order",
  "loyalty.points": "the number of her loyalty points",
  tier: "her tier"
}

/** A field as what it is of her. */
export const nounOf = (field: string): string => {
  const attribute = attributeIn(field)
  if (attribute === undefined) return nouns[field] ?? field
  return attribute.place === "data" ? `her attribute ${attribute.key}` : `her own preference ${attribute.key}`
}

/** That a field has no value. */
export const missingOf = (field: string): string => {
  if (field === "lastOrder") return "she has not ordered"
  return attributeIn(field) === undefined
    ? `${nounOf(field).replace(/^her /, "no ")} is known`
    : nounOf(field).replace(/^her (own )?/, "she has no ")
}

const said: Readonly<Record<string, (value: string, count: FieldValue) => string>> = {
  createdAt: (moment) => `she registered on ${moment}`,
  lastOrder: (moment) => `her last order was on ${moment}`,
  "orders.count": (_, count) => `she has ${counted(Number(count), "order")}`,
  "orders.total": (amount) => `she has spent ${amount}`,
  "loyalty.points": (_, count) => `she has ${counted(Number(count), "loyalty point")}`
}

/** That a field has a value, which is given in words and as it is. */
export const statementOf = (field: string, inWords: string, value: FieldValue): string =>
  said[field]?.(inWords, value) ?? `${nounOf(field)} is ${inWords}`

const passing: Readonly<Record<string, string>> = {
  createdAt: "she registered",
  lastOrder: "her last order was",
  "profile.dateOfBirth": "she was born"
}

/** The beginning of how long ago the moment of a field was. */
export const passedOf = (field: string): string => passing[field] ?? `${nounOf(field)} was`

/** What she agrees to, as `she ` and a verb go on: where it is so, and where it is not. */
const consents: Readonly<Record<string, readonly [string, string]>> = {
  "preferences.marketing.emailOptIn": ["takes marketing by email", "takes no marketing by email"],
  "preferences.marketing.smsOptIn": ["takes marketing by text message", "takes no marketing by text message"],
  "preferences.marketing.pushOptIn": ["takes marketing by push message", "takes no marketing by push message"],
  "preferences.notifications.orderUpdates": ["is told of her orders", "is not told of her orders"],
  "preferences.notifications.promotions": ["is told of promotions", "is not told of promotions"],
  "preferences.notifications.newsletters": ["takes newsletters", "takes no newsletters"],
  "preferences.privacy.dataSharing": ["lets her data be shared", "does not let her data be shared"],
  "preferences.privacy.analyticsTracking": ["lets her visits be analysed", "does not let her visits be analysed"],
  "preferences.privacy.cookieConsent": ["agrees to cookies", "does not agree to cookies"]
}

/** What she agrees to, or does not. */
export const consentOf = (field: string, agrees: boolean): string => {
  const [yes, no] = consents[field] ?? [`has said yes to ${field}`, `has said no to ${field}`]
  return `she ${agrees ? yes : no}`
}
