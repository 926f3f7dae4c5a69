import { clausesOf, type Rule } from "./rule/Rule.ts"
import { fieldOf, segmentIn } from "./rule/ruleFields.ts"
import type { Segment } from "./Segment.ts"

/** The fields that a rule asks for, each once, by the names under which their changes are told. */
export const dependenciesOf = (rule: Rule): ReadonlySet<string> =>
  new Set(clausesOf(rule).flatMap(({ field }) => fieldOf(field)?.dependency ?? []))

/** The names of the segments whose membership a rule asks for. */
export const segmentsAskedIn = (rule: Rule): ReadonlySet<string> =>
  new Set(clausesOf(rule).flatMap(({ field }) => segmentIn(field) ?? []))

/** The rules of a segment that count: the one in force, and the one that is to come into force. */
const rulesOf = ({ inForce, rule }: Segment): ReadonlyArray<Rule> => [inForce.rule, rule]

/**
 * Every field on which the membership of some segment depends: a change of another field concerns none. The status is
 * always one of them, since a closed account belongs nowhere.
 */
export const dependenciesOfAll = (segments: ReadonlyArray<Segment>): ReadonlySet<string> =>
  new Set(["status", ...segments.flatMap(rulesOf).flatMap((rule) => [...dependenciesOf(rule)])])

/** The segments whose rules ask for membership of the one of this name. */
export const dependentsOf = (name: string, segments: ReadonlyArray<Segment>): ReadonlyArray<Segment> =>
  segments.filter((segment) => rulesOf(segment).some((rule) => segmentsAskedIn(rule).has(name)))

/** The way from a segment over those that rules ask for back to itself; undefined where there is none. */
export const cycleThrough = (
  start: Pick<Segment, "name" | "rule">,
  segments: ReadonlyArray<Pick<Segment, "name" | "rule">>
): ReadonlyArray<string> | undefined => {
  const others = new Map(segments.map(({ name, rule }) => [name as string, rule]))
  others.set(start.name, start.rule)
  const seen = new Set<string>()
  const walk = (name: string, path: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
    for (const asked of segmentsAskedIn(others.get(name) ?? { any: [] })) {
      if (asked === start.name) return [...path, asked]
      if (seen.has(asked)) continue
      seen.add(asked)
      const found = walk(asked, [...path, asked])
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(start.name, [start.name])
}
