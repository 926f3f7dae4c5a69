/** The words that the text form of a rule is tied together with; they are read in any capitals. */
const keywords = [
  "and",
  "or",
  "not",
  "everybody",
  "nobody",
  "all",
  "any",
  "segment",
  "in",
  "contains",
  "startsWith",
  "exists",
  "missing",
  "between",
  "within",
  "day",
  "days",
  "dayOfYear",
  "today",
  "true",
  "false"
] as const
export type Keyword = (typeof keywords)[number]

const keywordOf: ReadonlyMap<string, Keyword> = new Map(keywords.map((keyword) => [keyword.toLowerCase(), keyword]))

const symbols = ["=", "!=", "<", "<=", ">", ">=", "(", ")", ","] as const
export type RuleSymbol = (typeof symbols)[number]

const symbolOf: ReadonlyMap<string, RuleSymbol> = new Map(symbols.map((symbol) => [symbol, symbol]))

/** A piece of a rule's text, and where it begins. After what is wrong nothing is looked at. */
export type Token = { readonly at: number } & (
  | { readonly kind: "word"; readonly word: string; readonly keyword?: Keyword | undefined }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "symbol"; readonly symbol: RuleSymbol }
  | { readonly kind: "wrong"; readonly message: string }
  | { readonly kind: "end" }
)

const spaces = /\s*/y
const word = /[A-Za-z][A-Za-z0-9_.-]*/y
const sign = /!=|<=|>=|[=<>(),]/y
const quoted = /"((?:[^"\\]|\\.)*)"/sy
const escapes = /\\(?:(["\\])|u\{([0-9A-Fa-f]{1,6})\})?/g
// All that hangs together, so that what is no number is told of as a whole.
const numeric = /-?[0-9][A-Za-z0-9_.+-]*/y
const jsonNumber = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

const isCharacter = (code: number): boolean => code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)

const unescaped = (quotable: string | undefined, code: string | undefined): string | undefined => {
  if (quotable !== undefined) return quotable
  const point = Number.parseInt(code ?? "", 16)
  return isCharacter(point) ? String.fromCodePoint(point) : undefined
}

const textToken = (content: string, at: number): Token => {
  for (const { 1: quotable, 2: code, index } of content.matchAll(escapes)) {
    if (unescaped(quotable, code) === undefined) {
      return {
        kind: "wrong",
        at: at + 1 + index,
        message: String.raw`expected \", \\ or \u{…} with a character's number`
      }
    }
  }
  const value = content.replace(escapes, (_, quotable?: string, code?: string) => unescaped(quotable, code) ?? "")
  return { kind: "text", at, value }
}

const numberToken = (digits: string, at: number): Token =>
  jsonNumber.test(digits)
    ? // JSON would write -0 as 0.
      { kind: "number", at, value: Number(digits) + 0 }
    : { kind: "wrong", at, message: "expected a number such as 5, -0.5 or 1e3; text and days stand in double quotes" }

const strange = (text: string, at: number): Token => {
  if (text[at] === '"') return { kind: "wrong", at, message: "the text that begins here has no closing quote" }
  if (/[&|!]/.test(text[at] ?? ""))
    return { kind: "wrong", at, message: "rules are tied together by words: write and, or, not" }
  return /['“”„«‘’`]/.test(text[at] ?? "")
    ? { kind: "wrong", at, message: 'expected text in straight double quotes, such as "vip"' }
    : { kind: "wrong", at, message: "there is no such sign in rules" }
}

/** The token at a place where no space is, and how long it is written. */
const tokenAt = (text: string, at: number): readonly [Token, number] => {
  if (at >= text.length) return [{ kind: "end", at }, 0]
  const [name] = matchAt(word, text, at) ?? []
  if (name !== undefined)
    return [{ kind: "word", at, word: name, keyword: keywordOf.get(name.toLowerCase()) }, name.length]
  const symbol = symbolOf.get(matchAt(sign, text, at)?.[0] ?? "")
  if (symbol !== undefined) return [{ kind: "symbol", at, symbol }, symbol.length]
  const [digits] = matchAt(numeric, text, at) ?? []
  if (digits !== undefined) return [numberToken(digits, at), digits.length]
  const [whole, content] = matchAt(quoted, text, at) ?? []
  return content === undefined ? [strange(text, at), 0] : [textToken(content, at), whole?.length ?? 0]
}

/** The tokens of a rule's text; the last one is its end, or what is wrong. */
export const tokensOf = (text: string): ReadonlyArray<Token> => {
  const tokens: Array<Token> = []
  let at = 0
  let last: Token
  do {
    const [space = ""] = matchAt(spaces, text, at) ?? []
    const [token, length] = tokenAt(text, at + space.length)
    at += space.length + length
    tokens.push(token)
    last = token
  } while (last.kind !== "end" && last.kind !== "wrong")
  return tokens
}
