import { parseRule, type Segment, SegmentDecisions, SegmentId, SegmentName } from "@customer-service/core"
import { DateTime, Result } from "effect"

/** Rules of five clauses each; `n` makes another of the kind. */
const kinds: ReadonlyArray<(n: number) => string> = [
  (n) =>
    `tier = "vip" and orders.count >= ${n} and lastOrder within ${7 * n} days and not address.country in ("DE", "AT") ` +
    "and preferences.marketing.emailOptIn = true",
  (n) =>
    `status = "active" and type = "individual" and tier != "vip" and orders.count >= ${n} ` +
    'and not address.country = "GB"',
  (n) =>
    `profile.data.club = "gold" and profile.data.shoeSize between ${30 + n} and ${40 + n} ` +
    'and preferences.custom.theme = "dark" and preferences.language in ("de", "fr") and orders.count >= 1',
  (n) =>
    `orders.total >= ${200 * n} or loyalty.points >= ${100 * n} or email startsWith "customer${n}" ` +
    `or (lastOrder within ${n} days and preferences.marketing.smsOptIn = true)`,
  (n) =>
    `lastOrder not within ${n} days and preferences.marketing.pushOptIn = true and address.city = "Paris" ` +
    `and orders.average >= ${10 * n} and orders.count >= 2`,
  (n) =>
    `profile.dateOfBirth dayOfYear within ${n} days and createdAt not within ${30 * n} days and orders.average >= 100 ` +
    'and status in ("active", "pending") and profile.gender != "male"',
  (n) =>
    "preferences.marketing.emailOptIn = true and preferences.marketing.smsOptIn = false and profile.phone exists " +
    `and preferences.notifications.newsletters = true and createdAt not within ${20 * n} days`,
  (n) =>
    `email contains "hopper" and profile.firstName startsWith "G" and profile.lastName != "Turing${n}" ` +
    'and address.street contains "Main" and not address.country = "GB"',
  (n) =>
    `address.zipCode startsWith "10" and address.isDefault = true and orders.total between ${50 * n} and ${500 * n} ` +
    'and (tier in ("premium", "vip") or loyalty.points >= 1000)',
  (n) =>
    `profile.dateOfBirth < "${1970 + n}-01-01" and preferences.timezone = "Europe/Berlin" and profile.avatar exists ` +
    `and preferences.privacy.cookieConsent = true and orders.count between 3 and ${n + 3}`
]

const segmentOf = (place: number, now: DateTime.Utc): Segment => {
  const [name, kind] = [SegmentName.make(`segment-${place}`), kinds[place % kinds.length]]
  const id = SegmentId.make(`018f0000-0000-7000-a000-${place.toString(16).padStart(12, "0")}`)
  const rule = kind?.(1 + Math.floor(place / kinds.length)) ?? ""
  const made = Result.getOrThrow(SegmentDecisions.create([], { name, rule }, id, now))
  return { ...made, inForce: { rule: Result.getOrThrow(parseRule(rule)), version: 1, isActive: true } }
}

/** So many segments of five clauses each, as they stand in memory, with their rules in force. */
export const manySegments = (count: number, now: DateTime.Utc): ReadonlyArray<Segment> =>
  Array.from({ length: count }, (_, place) => segmentOf(place, now))
