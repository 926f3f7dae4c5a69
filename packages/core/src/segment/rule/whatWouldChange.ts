import { DateTime } from "effect"
import { CustomerPolicy } from "../../customer/CustomerPolicy.ts"
import { changedFacts } from "./applyChange.ts"
import { type Goal, goalOf, isReached, type Scene } from "./change/Goal.ts"
import { type Found, joinedChange, search } from "./change/search.ts"
import { changeInWords } from "./explainChange.ts"
import type { Facts } from "./Facts.ts"
import { isOpen, matches } from "./matches.ts"
import { nextFlip } from "./nextFlip.ts"
import type { DataChange, RuleChange } from "./RuleChange.ts"
import type { Rule } from "./Rule.ts"

/** How far a search goes: how many addresses a customer may have, and how many tests of clauses it may take. */
export interface SearchLimits {
  readonly maxAddresses: number
  readonly mostTests: number
}

/** The addresses of the shop's default policy, and a search of some milliseconds, a few dozen at the most. */
export const searchLimits: SearchLimits = {
  maxAddresses: CustomerPolicy.defaultValue().maxAddresses,
  mostTests: 30_000
}

const mostMoments = 40
const mostSearches = 6
const day = 86_400_000

/** The next moments at which time turns clauses, in their order, after `now` itself. */
const momentsFrom = (rule: Rule, facts: Facts, now: number): ReadonlyArray<number> => {
  const moments = [now]
  for (let next = nextFlip(rule, facts, now); next !== undefined; next = nextFlip(rule, facts, next)) {
    if (moments.length > mostMoments) break
    moments.push(next)
  }
  return moments
}

/** How much it takes to wait: less than a change where it is a matter of days, more where it is one of years. */
const costOfWaiting = (at: number, now: number): number => {
  if (at === now) return 0
  const days = (at - now) / day
  return (days <= 30 ? 0.4 : days <= 366 ? 0.9 : 1.8) + Math.min(days / 1e6, 0.05)
}

interface Turn extends Found {
  readonly at: number
}

/** The first of some moments at which time alone reaches a goal. */
const byTimeAlone = (goal: Goal, facts: Facts, [now = 0, ...later]: ReadonlyArray<number>): Turn | undefined => {
  const at = later.find((moment) => isReached(goal, facts, moment))
  return at === undefined ? undefined : { at, changes: [], cost: costOfWaiting(at, now) }
}

const cheapest = (rule: Rule, goal: Goal, scene: Scene): Turn | undefined => {
  const { at: now, facts } = scene
  const moments = momentsFrom(rule, facts, now)
  let best = byTimeAlone(goal, facts, moments)
  for (const at of moments.slice(0, mostSearches)) {
    const waiting = costOfWaiting(at, now)
    const limit = (best?.cost ?? Number.POSITIVE_INFINITY) - waiting
    const found = limit <= 0 ? undefined : search(goal, { ...scene, at }, limit)
    if (found !== undefined) best = { ...found, at, cost: found.cost + waiting }
  }
  return best
}

/** The turn without what it does not need. */
const spared = (goal: Goal, facts: Facts, { at, changes }: Turn): ReadonlyArray<DataChange> =>
  changes.reduce<ReadonlyArray<DataChange>>((needed, change) => {
    const others = needed.filter((other) => other !== change)
    const changed = changedFacts(facts, joinedChange(others), at)
    return changed !== undefined && isReached(goal, changed, at) ? others : needed
  }, changes)

/**
 * The least change that was found which turns the verdict of a rule for somebody: of data that one customer can have,
 * of the time, or of both. Undefined where none was found, and for closed accounts, which change no more. `applyChange`
 * applies it; the verdict is the contrary one then. The effort is bounded: of a large rule a change may stay unfound.
 */
export const whatWouldChange = (
  rule: Rule,
  facts: Facts,
  now: DateTime.Utc,
  { maxAddresses, mostTests }: SearchLimits = searchLimits
): RuleChange | undefined => {
  if (!isOpen(facts)) return undefined
  const effort = { left: mostTests }
  const goal = goalOf(rule, !matches(rule, facts, now), effort)
  const turn = cheapest(rule, goal, { facts, at: now.epochMilliseconds, mostAddresses: maxAddresses, effort })
  if (turn === undefined) return undefined
  const change = joinedChange(spared(goal, facts, turn))
  const changed = changedFacts(facts, change, turn.at)
  if (changed === undefined || !isReached(goal, changed, turn.at)) return undefined
  const at = turn.at === now.epochMilliseconds ? {} : { at: DateTime.makeUnsafe(turn.at) }
  return { ...change, ...at, english: changeInWords(rule, facts, { ...change, ...at }) }
}
