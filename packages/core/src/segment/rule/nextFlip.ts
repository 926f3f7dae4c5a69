import type { Facts } from "./Facts.ts"
import { afterDays, midnightOf, nextTurn } from "./moments.ts"
import { type Clause, clausesOf, type Rule } from "./Rule.ts"
import { fieldOf, type FieldValue } from "./ruleFields.ts"

const millisOf = (value: FieldValue): number | undefined =>
  typeof value === "number" ? value : typeof value === "string" ? midnightOf(value) : undefined

const flipOf = ({ op, value: days }: Clause, value: FieldValue, now: number): ReadonlyArray<number> => {
  if (typeof days !== "number") return []
  if (op === "dayOfYear") return typeof value === "string" ? [nextTurn(value, days, now)] : []
  const from = millisOf(value)
  const flip = from === undefined ? now : afterDays(from, days)
  return flip > now ? [flip] : []
}

const isTimed = ({ op }: Clause): boolean => op === "withinLast" || op === "notWithinLast" || op === "dayOfYear"

/** The clauses of a rule that time alone can turn. */
export const timedClausesOf = (rule: Rule): ReadonlyArray<Clause> => clausesOf(rule).filter(isTimed)

/**
 * The moment (milliseconds since the epoch) after `now` at which time alone turns a clause of this rule for somebody
 * with these facts; undefined where none will be turned. The rule's own verdict may stay as it is then.
 */
export const nextFlip = (rule: Rule, facts: Facts, now: number): number | undefined => {
  const flips = timedClausesOf(rule).flatMap((clause) =>
    (fieldOf(clause.field)?.read(facts) ?? []).flatMap((value) => flipOf(clause, value, now))
  )
  return flips.length === 0 ? undefined : Math.min(...flips)
}
