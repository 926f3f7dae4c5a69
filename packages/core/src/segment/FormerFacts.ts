import { Schema, Struct } from "effect"
import { Customer } from "../customer/Customer.ts"
import { Instant } from "../value/Instant.ts"
import { changedFields, type CustomerFacts } from "./changedFields.ts"

const parts = ["email", "status", "customerType", "profile", "preferences", "addresses", "segment"] as const

/** What a customer was like before she changed: the parts of her that changed since her memberships were reviewed. */
export const FormerFacts = Schema.Struct({
  email: Schema.optionalKey(Customer.fields.email),
  status: Schema.optionalKey(Customer.fields.status),
  customerType: Schema.optionalKey(Customer.fields.customerType),
  profile: Schema.optionalKey(Customer.fields.profile),
  preferences: Schema.optionalKey(Customer.fields.preferences),
  addresses: Schema.optionalKey(Customer.fields.addresses),
  segment: Schema.optionalKey(Customer.fields.segment),
  /** null where there was none. */
  lastOrderAt: Schema.optionalKey(Schema.NullOr(Instant))
})
export type FormerFacts = typeof FormerFacts.Type

const encodeFormer = Schema.encodeSync(FormerFacts, { disableChecks: true })
const decodeFormer = Schema.decodeUnknownSync(FormerFacts, { disableChecks: true })

/** What a write changes that rules may ask for; a newcomer changes everything. */
export interface FactsChange {
  /** By the names that rules depend on; `["*"]` for everything. */
  readonly fields: ReadonlyArray<string>
  /** {@link FormerFacts} in their encoded form. */
  readonly before: typeof FormerFacts.Encoded
  /** What ties the review to the write that made it necessary; of several the last. */
  readonly correlationId?: string | undefined
}

/** The change by which a review looks at every segment. */
export const everything: FactsChange = { fields: ["*"], before: {} }

const formerOf = (before: CustomerFacts, after: CustomerFacts): FormerFacts => ({
  ...Struct.pick(
    before.customer,
    parts.filter((part) => before.customer[part] !== after.customer[part])
  ),
  ...(before.lastOrderAt?.epochMilliseconds === after.lastOrderAt?.epochMilliseconds
    ? {}
    : { lastOrderAt: before.lastOrderAt ?? null })
})

/** What changed between two states of a customer; undefined where nothing did that a rule could ask for. */
export const factsChange = (before: CustomerFacts | undefined, after: CustomerFacts): FactsChange | undefined => {
  if (before === undefined) return everything
  const fields = changedFields(before, after)
  return fields.length === 0 ? undefined : { fields, before: encodeFormer(formerOf(before, after)) }
}

/** Two changes one after the other as one: what was there first is what was there before. */
export const joinedChange = (first: FactsChange, second: FactsChange): FactsChange => ({
  fields: [...new Set([...first.fields, ...second.fields])],
  before: { ...second.before, ...first.before },
  correlationId: second.correlationId ?? first.correlationId
})

/** A customer as she was before a change. */
export const formerFacts = (after: CustomerFacts, before: unknown): CustomerFacts => {
  const { lastOrderAt, ...former } = decodeFormer(before)
  return {
    customer: { ...after.customer, ...former },
    ...(lastOrderAt === undefined ? { lastOrderAt: after.lastOrderAt } : { lastOrderAt: lastOrderAt ?? undefined })
  }
}
