import { DateTime } from "effect"
import { setAddresses } from "./change/setAddresses.ts"
import { setField } from "./change/setField.ts"
import type { Facts } from "./Facts.ts"
import type { DataChange, RuleChange } from "./RuleChange.ts"

/**
 * Facts as they are once her data has changed, at a moment in milliseconds since the epoch. Undefined where one
 * customer's data cannot change like this.
 */
export const changedFacts = (facts: Facts, change: DataChange, at: number): Facts | undefined =>
  change.set.reduce<Facts | undefined>(
    (changed, { field, to }) => changed && setField(changed, field, to, at),
    setAddresses(facts, change, at)
  )

/**
 * A customer's facts and the moment as they are once a change has happened. What does not follow from it stays: her tier
 * does not follow from what she has spent. Without what one customer's data cannot have, both stay as they are.
 */
export const applyChange = (
  facts: Facts,
  now: DateTime.Utc,
  change: Omit<RuleChange, "english">
): { readonly facts: Facts; readonly now: DateTime.Utc } => {
  const at = change.at ?? now
  const changed = changedFacts(facts, change, at.epochMilliseconds)
  return changed === undefined ? { facts, now } : { facts: changed, now: at }
}
