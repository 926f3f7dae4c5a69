import { type Clause, isAll, isAny, isContrary, isNot, type Rule } from "@customer-service/core"

/** A clause, or its contrary. */
export interface Literal {
  readonly clause: Clause
  readonly holds: boolean
}

/** Every one of several, or at least one of them. */
export interface Group {
  readonly word: "AND" | "OR"
  readonly parts: ReadonlyArray<Formula>
}

/** A rule whose contraries stand before single clauses alone. */
export type Formula = Literal | Group

export const isGroup = (formula: Formula): formula is Group => "word" in formula

/** Several formulas as one. Groups within groups of the same kind are one, so that what belongs together is seen to. */
export const together = (word: Group["word"], formulas: ReadonlyArray<Formula>): Formula => {
  const parts = formulas.flatMap((part) => (isGroup(part) && part.word === word ? part.parts : [part]))
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : { word, parts }
}

/** A rule, or where it is not to hold its contrary, as a formula. */
export const formulaOf = (rule: Rule, holds = true): Formula => {
  if (isNot(rule)) return formulaOf(rule.not, !holds)
  if (isAll(rule) || isAny(rule)) {
    const parts = isAll(rule) ? rule.all : rule.any
    return together(
      isAll(rule) === holds ? "AND" : "OR",
      parts.map((part) => formulaOf(part, holds))
    )
  }
  return { clause: rule, holds: holds !== isContrary(rule) }
}

/** What holds where a formula does not. */
export const contraryOf = (formula: Formula): Formula =>
  isGroup(formula)
    ? { word: formula.word === "AND" ? "OR" : "AND", parts: formula.parts.map(contraryOf) }
    : { clause: formula.clause, holds: !formula.holds }

/** The fields that a formula asks for. */
export const fieldsOf = (formula: Formula): ReadonlyArray<string> =>
  isGroup(formula) ? formula.parts.flatMap(fieldsOf) : [formula.clause.field]

/** What a formula is made of where it is one of all or of any of several; else itself alone. */
export const partsBy = (word: Group["word"], formula: Formula): ReadonlyArray<Formula> =>
  isGroup(formula) && formula.word === word ? formula.parts : [formula]

/** Formulas of which those that have a key in common are one. */
export const gatherBy = <Key>(
  word: Group["word"],
  formulas: ReadonlyArray<Formula>,
  keyOf: (formula: Formula) => Key | undefined
): ReadonlyArray<readonly [key: Key | undefined, formula: Formula]> => {
  const keys = new Set(formulas.flatMap((formula) => keyOf(formula) ?? []))
  const gathered = [...keys].map((key) => {
    const those = formulas.filter((formula) => keyOf(formula) === key)
    return [key, together(word, those)] as const
  })
  const alone = formulas.filter((formula) => keyOf(formula) === undefined)
  return [...gathered, ...alone.map((formula) => [undefined, formula] as const)]
}
