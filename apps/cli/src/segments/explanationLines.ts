import type { MembershipExplanation } from "@customer-service/core"

type Part = NonNullable<MembershipExplanation["rule"]>["tree"]

const mark = (verdict: boolean): string => (verdict ? "yes" : "no ")

const headOf = (part: Part): string => {
  if (part.kind === "clause") return `${part.text}: ${part.english}`
  return { all: "all of", any: "any of", not: "not" }[part.kind]
}

const linesOf = (part: Part, depth: number): ReadonlyArray<string> => [
  `${"  ".repeat(depth)}${mark(part.verdict)}  ${headOf(part)}`,
  ...(part.kind === "clause" ? [] : part.parts.flatMap((inner) => linesOf(inner, depth + 1)))
]

/** An explanation for people: the answer, the whole in words, and each clause with its verdict. */
export const explanationLines = ({ customerId, member, rule, segment, summary }: MembershipExplanation): string =>
  [
    `Customer ${customerId} ${member ? "belongs" : "does not belong"} to ${segment.name}`,
    summary,
    ...(rule === undefined ? [] : linesOf(rule.tree, 1))
  ].join("\n")
