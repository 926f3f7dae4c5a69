import { Result } from "effect"
import type { Rule } from "./Rule.ts"
import type { Keyword, RuleSymbol, Token } from "./ruleTokens.ts"

/** What is wrong with a rule's text, and where. */
export interface Mistake {
  readonly at: number
  readonly message: string
}

export type Parsed<A> = Result.Result<A, Mistake>

/** How far a rule's text is read. */
export interface Cursor {
  readonly tokens: ReadonlyArray<Token>
  place: number
  /** How many parentheses and nots are open. */
  depth: number
  /** Where the rules that were read so far begin. */
  readonly starts: Map<Rule, number>
}

const nothing: Token = { kind: "end", at: 0 }

export const current = ({ place, tokens }: Cursor): Token => tokens[place] ?? nothing

/** The keyword that comes next, if one does. */
export const keywordAt = (cursor: Cursor): Keyword | undefined => {
  const token = current(cursor)
  return token.kind === "word" ? token.keyword : undefined
}

export const step = (cursor: Cursor): void => {
  cursor.place += 1
}

/** Goes on behind a keyword; false where another token comes next. */
export const skipKeyword = (cursor: Cursor, ...keywords: ReadonlyArray<Keyword>): boolean => {
  const keyword = keywordAt(cursor)
  if (keyword === undefined || !keywords.includes(keyword)) return false
  step(cursor)
  return true
}

/** Goes on behind a symbol; false where another token comes next. */
export const skipSymbol = (cursor: Cursor, symbol: RuleSymbol): boolean => {
  const token = current(cursor)
  if (token.kind !== "symbol" || token.symbol !== symbol) return false
  step(cursor)
  return true
}

// Of what was given only words of the language are repeated: the rest may be about a person.
const shown = (token: Token): string => {
  switch (token.kind) {
    case "word":
      return token.keyword ?? "a word without quotes"
    case "symbol":
      return token.symbol
    case "number":
      return "a number"
    case "text":
      return "text"
    case "end":
    case "wrong":
      return ""
  }
}

/** That something else should come next. */
export const expected = (cursor: Cursor, what: string): Parsed<never> => {
  const token = current(cursor)
  const { at } = token
  if (token.kind === "wrong") return Result.fail({ at, message: token.message })
  const instead = shown(token)
  return Result.fail({ at, message: instead === "" ? `expected ${what}` : `expected ${what}, not ${instead}` })
}

/** Remembers where a rule begins. */
export const beginning = <A extends Rule>(cursor: Cursor, at: number, rule: A): A => {
  cursor.starts.set(rule, at)
  return rule
}
