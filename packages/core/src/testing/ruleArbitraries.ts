import { DateTime } from "effect"
import * as fc from "fast-check"
import { momentOf } from "../segment/rule/moments.ts"
import type { Clause, Operator, Rule, Scalar } from "../segment/rule/Rule.ts"
import { declaredFields, type Field, fieldOf, membershipField, operatorsOf } from "../segment/rule/ruleFields.ts"
import * as Pools from "./rulePools.ts"

/** Moments for rules to be asked at, many of them at the turn of a day, a month or a year. */
export const ruleMoment: fc.Arbitrary<DateTime.Utc> = fc.oneof(
  fc.constantFrom(...Pools.turns).map((turn) => DateTime.makeUnsafe(turn)),
  fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }).map((millis) => DateTime.makeUnsafe(millis))
)

const attributeFields = [...Pools.attributeKeys, ...Pools.strangeKeys].flatMap((key) => [
  `profile.data.${key}`,
  `preferences.custom.${key}`
])

const fields: ReadonlyArray<Field> = [
  ...declaredFields.keys(),
  ...attributeFields,
  ...Pools.segmentNames.map(membershipField)
].flatMap((name) => fieldOf(name) ?? [])

const flags = ["true", "false"]

/** What the fields of text hold whose values are of a kind. */
const kinds: Readonly<Record<string, ReadonlyArray<string>>> = {
  email: Pools.emails.flatMap((email) => [email, email.toUpperCase(), email.toLowerCase()]),
  status: ["active", "inactive", "suspended", "pending"],
  type: ["individual", "business"],
  tier: ["regular", "premium", "vip", "VIP"],
  "profile.gender": ["male", "female", "other", "prefer_not_to_say"],
  "profile.phone": Pools.phoneNumbers,
  "profile.avatar": Pools.avatars,
  "preferences.language": Pools.languages,
  "preferences.currency": Pools.currencies,
  "preferences.timezone": Pools.timezones,
  "address.type": ["shipping", "billing", "both"],
  "address.country": Pools.areas.map(({ country }) => country),
  "address.zipCode": Pools.areas.flatMap(({ zipCode }) => zipCode ?? []),
  "address.phone": Pools.phoneNumbers
}

const textOf = ({ name }: Field): fc.Arbitrary<string> => {
  const line = fc.constantFrom(...Pools.lines, "l".repeat(255), ...flags)
  const kind = kinds[name]
  return kind === undefined
    ? line
    : fc.oneof({ arbitrary: fc.constantFrom(...kind), weight: 5 }, { arbitrary: line, weight: 1 })
}

/** Some of the characters of a text, as they follow each other in it. */
const partOf = (text: string, from: number, length: number, isStart: boolean): string => {
  const characters = [...text]
  const start = isStart ? 0 : from % (characters.length + 1)
  return characters.slice(start, start + length).join("")
}

const partsOf = (field: Field, isStart: boolean): fc.Arbitrary<string> =>
  fc.tuple(textOf(field), fc.nat(20), fc.nat(6)).map(([text, from, length]) => partOf(text, from, length, isStart))

const number: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: fc.constantFrom(...Pools.numbers), weight: 5 },
  // -0 is left out: JSON writes it as 0.
  {
    arbitrary: fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((drawn) => (drawn === 0 ? 0 : drawn)),
    weight: 1
  }
)

const withOffset = (moment: DateTime.Utc): string =>
  DateTime.formatIso(DateTime.add(moment, { minutes: 345 })).replace("Z", "+05:45")

const writtenMoments = [
  "1000-01-02",
  "1969-12-31T23:59:59.999Z",
  "2024-02-29T10:00Z",
  "2024-02-29T10:00:00.1Z",
  "9998-12-31T23:59:59-12:00"
]

/** Operands that are edges at a moment, by the type of their field. */
interface Edges {
  readonly instant: fc.Arbitrary<string>
  readonly date: fc.Arbitrary<string>
}

const instantText = (now: DateTime.Utc): fc.Arbitrary<string> => {
  const moments = Pools.momentsAround(now)
  const days = moments.map((moment) => DateTime.formatIsoDateUtc(moment))
  return fc.constantFrom(...moments.map(DateTime.formatIso), ...moments.map(withOffset), ...days, ...writtenMoments)
}

const edgesAt = (now: DateTime.Utc): Edges => ({
  instant: instantText(now),
  date: fc.constantFrom(...Pools.daysAround(now), "1000-01-02", "9998-12-31")
})

const scalarOf = (field: Field, edges: Edges): fc.Arbitrary<Scalar> => {
  switch (field.type) {
    case "text":
      return textOf(field)
    case "number":
      return number
    case "boolean":
    case "membership":
      return fc.boolean()
    case "instant":
    case "date":
      return edges[field.type]
    case "attribute":
      return fc.oneof(textOf(field), number, fc.boolean())
  }
}

const comparedWith = (field: Field, edges: Edges): fc.Arbitrary<Scalar> =>
  field.type === "attribute" ? number : scalarOf(field, edges)

const placeOf = (value: Scalar): number => (typeof value === "number" ? value : (momentOf(String(value)) ?? Number.NaN))

/** The two ends of a range, the lowest first. */
const inOrder = ([one, other]: readonly [Scalar, Scalar]): ReadonlyArray<Scalar> =>
  placeOf(one) > placeOf(other) ? [other, one] : [one, other]

const daysAhead = fc.oneof(fc.constantFrom(0, 1, 7, 364, 365, 366), fc.nat(366))
const daysBack = fc.oneof(fc.constantFrom(...Pools.spans), fc.integer({ min: 1, max: 36_500 }))

const operandOf = (field: Field, op: Operator, edges: Edges): fc.Arbitrary<Clause["value"]> => {
  switch (op) {
    case "eq":
    case "ne":
      return scalarOf(field, edges)
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return comparedWith(field, edges)
    case "between":
      return fc.tuple(comparedWith(field, edges), comparedWith(field, edges)).map(inOrder)
    case "in":
      return fc.array(scalarOf(field, edges), { minLength: 1, maxLength: 4 })
    case "contains":
    case "startsWith":
      return partsOf(field, op === "startsWith")
    case "exists":
      return fc.boolean()
    case "withinLast":
    case "notWithinLast":
      return daysBack
    case "dayOfYear":
      return daysAhead
  }
}

const weights = { text: 2, number: 6, boolean: 1, instant: 10, date: 30, attribute: 1, membership: 3 }

const isAny = (): boolean => true

const clausesOn = (
  field: Field,
  isWanted: (op: Operator) => boolean,
  edges: Edges
): ReadonlyArray<fc.Arbitrary<Clause>> =>
  [...operatorsOf[field.type]]
    .filter(isWanted)
    .map((op) => operandOf(field, op, edges).map((value): Clause => ({ field: field.name, op, value })))

/** Conditions on every field, by every operator that it takes and `isWanted`, with operands made for `now`. */
export const clause = (now: DateTime.Utc, isWanted: (op: Operator) => boolean = isAny): fc.Arbitrary<Clause> => {
  const edges = edgesAt(now)
  const choices = fields.map((field) => ({ clauses: clausesOn(field, isWanted, edges), weight: weights[field.type] }))
  return fc.oneof(
    ...choices
      .filter(({ clauses }) => clauses.length > 0)
      .map(({ clauses, weight }) => ({ arbitrary: fc.oneof(...clauses), weight }))
  )
}

/** Rules of every form, up to four deep, that `readRule` takes; some of their operands are edges at `now`. */
export const rule = (now: DateTime.Utc): fc.Arbitrary<Rule> => {
  const { drawn } = fc.letrec<{ drawn: Rule }>((tie) => {
    const parts = fc.array(tie("drawn"), { maxLength: 3 })
    return {
      drawn: fc.oneof(
        { maxDepth: 4 },
        { arbitrary: clause(now), weight: 2 },
        { arbitrary: parts.map((all): Rule => ({ all })), weight: 2 },
        { arbitrary: parts.map((any): Rule => ({ any })), weight: 2 },
        { arbitrary: tie("drawn").map((not): Rule => ({ not })), weight: 1 }
      )
    }
  })
  return drawn
}
