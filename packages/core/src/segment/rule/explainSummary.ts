import type { ClauseExplanation, ExplainedPart } from "./RuleExplanation.ts"
import type { RuleChange } from "./RuleChange.ts"

/**
 * The clauses that decide a verdict: of an `all` that is not met those that are not, of an `any` that is met those that
 * are, and otherwise all of them.
 */
const decidingClauses = (part: ExplainedPart): ReadonlyArray<ClauseExplanation> => {
  if (part.kind === "clause") return [part]
  const isDecidedBySome = part.verdict === (part.kind === "any")
  const parts =
    part.kind !== "not" && isDecidedBySome ? part.parts.filter(({ verdict }) => verdict === part.verdict) : part.parts
  return parts.flatMap(decidingClauses)
}

const mostNamed = 5

const reasons = (part: ExplainedPart): string => {
  const sentences = [...new Set(decidingClauses(part).map(({ english }) => english))]
  if (sentences.length === 0) return part.verdict ? "it asks for nothing" : "nobody does"
  const left = sentences.length - mostNamed
  return left > 1
    ? [...sentences.slice(0, mostNamed), `${left} other conditions decide`].join("; ")
    : sentences.join("; ")
}

const sentence = (words: string): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`

const prospects = (change: RuleChange | undefined): string => {
  if (change === undefined) return "No change of her data, nor time, was found that would change it."
  const isTimeAlone = change.at !== undefined && change.set.length === 0 && change.addAddresses === undefined
  return isTimeAlone && change.removeAddresses === undefined
    ? `Time will change it: ${change.english}.`
    : `What would change it: ${change.english}.`
}

/** One paragraph: the verdict, the clauses that decide it, and what would change it. */
export const summaryOf = (tree: ExplainedPart, change: RuleChange | undefined, isOpen: boolean): string => {
  const verdict = `she ${tree.verdict ? "meets" : "does not meet"} the rule: ${reasons(tree)}`
  if (!isOpen) return `${sentence(verdict)} But her account is closed, and belongs to no segment.`
  return `${sentence(verdict)} ${prospects(change)}`
}
