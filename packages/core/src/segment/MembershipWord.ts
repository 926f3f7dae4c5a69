import { DateTime, Schema } from "effect"
import type { InputIssue } from "../customer/CustomerErrors.ts"
import { Instant } from "../value/Instant.ts"
import { RequiredText } from "../value/Text.ts"

/** A colleague's word on whether a customer belongs to a segment: true and false stand in the rule's place, null ends it. */
export const MembershipWord = Schema.Struct({
  member: Schema.NullOr(Schema.Boolean).annotate({
    description: "Whether she belongs to the segment; null ends what was said before, and the rule decides again."
  }),
  reason: RequiredText(500).annotate({
    description: "Why; kept in the audit and told to other services.",
    examples: ["Agreed with the key account team"]
  }),
  expiresAt: Schema.optionalKey(Instant).annotate({ description: "Until when; for good where it is absent." })
})
export type MembershipWord = typeof MembershipWord.Type

// The years that every store can hold.
const lastMoment = DateTime.makeUnsafe("9999-12-31T23:59:59.999Z")

const expiryIssue = ({ expiresAt, member }: MembershipWord, now: DateTime.Utc): string | undefined => {
  if (expiresAt === undefined) return undefined
  if (DateTime.isLessThanOrEqualTo(expiresAt, now)) return "must be in the future"
  if (DateTime.isGreaterThan(expiresAt, lastMoment)) return "must be before the year 10000"
  return member === null ? "needs a membership that it is about" : undefined
}

/** What is wrong with a word that is well-formed. */
export const exceptionIssues = (word: MembershipWord, now: DateTime.Utc): ReadonlyArray<InputIssue> => {
  const message = expiryIssue(word, now)
  return message === undefined ? [] : [{ path: "expiresAt", message }]
}
