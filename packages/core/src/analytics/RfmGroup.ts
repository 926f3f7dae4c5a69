import { Schema } from "effect"
import type { Score, Scores } from "./Quantiles.ts"

/** What a shop makes of recency, frequency and monetary scores. */
export const RfmGroup = Schema.Literals([
  "champions",
  "loyal",
  "potential_loyalists",
  "new_customers",
  "promising",
  "need_attention",
  "about_to_sleep",
  "at_risk",
  "cannot_lose",
  "hibernating",
  "lost"
]).annotate({ description: "The group that her scores fall into, by the table in docs/analytics.md." })
export type RfmGroup = typeof RfmGroup.Type

type ByScore<A> = Readonly<Record<Score, A>>

/** By the recency score, then by the rounded mean of the scores of frequency and monetary. */
const table: ByScore<ByScore<RfmGroup>> = {
  5: { 1: "new_customers", 2: "potential_loyalists", 3: "potential_loyalists", 4: "champions", 5: "champions" },
  4: { 1: "promising", 2: "potential_loyalists", 3: "potential_loyalists", 4: "loyal", 5: "champions" },
  3: { 1: "about_to_sleep", 2: "about_to_sleep", 3: "need_attention", 4: "loyal", 5: "loyal" },
  2: { 1: "hibernating", 2: "hibernating", 3: "at_risk", 4: "at_risk", 5: "at_risk" },
  1: { 1: "lost", 2: "lost", 3: "at_risk", 4: "cannot_lose", 5: "cannot_lose" }
}

/** The mean of the scores of frequency and monetary, half rounded up. */
const meanOf = ({ frequency, monetary }: Scores): Score => Math.floor((frequency + monetary + 1) / 2) as Score

/** The group of these scores. */
export const groupOf = (scores: Scores): RfmGroup => table[scores.recency][meanOf(scores)]

/** The three scores as one code, such as `545`. */
export const codeOf = ({ frequency, monetary, recency }: Scores): string => `${recency}${frequency}${monetary}`
