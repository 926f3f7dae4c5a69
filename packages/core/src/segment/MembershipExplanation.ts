import { type DateTime, Schema } from "effect"
import { CustomerId } from "../customer/CustomerId.ts"
import { Instant } from "../value/Instant.ts"
import { shownAs } from "../value/shownAs.ts"
import type { MembershipException } from "./Membership.ts"
import { ExceptionView, exceptionView } from "./MembershipView.ts"
import type { Facts } from "./rule/Facts.ts"
import { explainRule } from "./rule/explainRule.ts"
import { isOpen } from "./rule/matches.ts"
import { printRule } from "./rule/ruleText.ts"
import { RuleExplanation } from "./rule/RuleExplanation.ts"
import { searchLimits } from "./rule/whatWouldChange.ts"
import { type Segment, SegmentId } from "./Segment.ts"

/** What decides whether a customer belongs to a segment. */
const Cause = Schema.Literals(["rule", "exception", "account_closed", "switched_off"]).annotate({
  description:
    "rule: what the rule says; exception: a colleague's word; account_closed: a closed account belongs nowhere; " +
    "switched_off: nobody belongs to the segment."
})

/** Why a customer belongs to a segment, or does not. */
export const MembershipExplanation = Schema.Struct({
  customerId: CustomerId,
  segment: Schema.Struct({
    id: SegmentId,
    name: Schema.String,
    ruleVersion: Schema.Int.annotate({
      description: "The version of the segment whose rule is in force; 0 before the first is.",
      ...shownAs({ type: "integer", minimum: 0 })
    }),
    ruleText: Schema.optionalKey(
      Schema.String.annotate({
        description: "The rule in force, in its text form; absent where the segment is filled by hand."
      })
    )
  }),
  member: Schema.Boolean.annotate({ description: "Whether she belongs to the segment." }),
  because: Cause,
  summary: Schema.String.annotate({ description: "Why, in plain English." }),
  exception: Schema.optionalKey(ExceptionView),
  rule: Schema.optionalKey(RuleExplanation),
  asOf: Instant
}).annotate({ identifier: "MembershipExplanation", description: "Why she belongs to a segment, or does not." })
export type MembershipExplanation = typeof MembershipExplanation.Type

type Cause = typeof Cause.Type

const causeOf = (segment: Segment, facts: Facts, exception: MembershipException | undefined): Cause => {
  if (!segment.inForce.isActive) return "switched_off"
  if (!isOpen(facts)) return "account_closed"
  return exception === undefined ? "rule" : "exception"
}

/** Why, of a segment that colleagues alone fill. */
const byHandInWords = (name: string, exception: MembershipException | undefined): string => {
  if (exception === undefined) return `${name} is filled by hand, and nobody has put the customer there.`
  return `The customer was ${exception.member ? "put into" : "kept out of"} ${name} by hand.`
}

const summaryOf = (
  because: Cause,
  { name, inForce }: Segment,
  exception: MembershipException | undefined,
  rule: RuleExplanation | undefined
): string => {
  switch (because) {
    case "switched_off":
      return `Nobody belongs to ${name}: the segment is switched off.`
    case "account_closed":
      return `She does not belong to ${name}: her account is closed, and a closed account belongs to no segment.`
    case "exception":
      if (rule === undefined) return byHandInWords(name, exception)
      return (
        `She ${exception?.member === true ? "belongs" : "does not belong"} to ${name} by a colleague's word, whatever ` +
        `the rule says. ${rule.summary}`
      )
    case "rule":
      if (rule === undefined) return byHandInWords(name, exception)
      return inForce.version === 0 ? `Nobody has been compared with the rule of ${name} yet.` : rule.summary
  }
}

/** Why somebody with these facts belongs to a segment now, or does not; what would change it keeps to the limits. */
export const explainMembership = (
  segment: Segment,
  facts: Facts,
  exception: MembershipException | undefined,
  now: DateTime.Utc,
  limits = searchLimits
): MembershipExplanation => {
  const { id, inForce, kind, name } = segment
  const because = causeOf(segment, facts, exception)
  const rule = kind === "manual" ? undefined : explainRule(inForce.rule, facts, now, limits)
  const member = because === "rule" ? rule?.verdict === true : because === "exception" && exception?.member === true
  return {
    customerId: facts.customer.id,
    segment: {
      id,
      name,
      ruleVersion: inForce.version,
      ...(kind === "manual" ? {} : { ruleText: printRule(inForce.rule) })
    },
    member,
    because,
    summary: summaryOf(because, segment, exception, rule),
    ...(exception === undefined ? {} : { exception: exceptionView(exception) }),
    ...(rule === undefined ? {} : { rule }),
    asOf: now
  }
}
