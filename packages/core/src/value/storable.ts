/** Deeper than that nobody means anything. */
const deepest = 64

const clean = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD")

const cleaned = (value: unknown, depth: number): unknown => {
  if (typeof value === "string") return clean(value)
  if (typeof value !== "object" || value === null) return value
  if (depth > deepest) return "…"
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), cleaned(inner, depth + 1)]))
}

/**
 * A JSON value as a store can keep it, whoever sent it: U+0000 and lone surrogates, which PostgreSQL takes in no JSON,
 * are replaced, and so is what is nested deeper than 64 levels.
 */
export const storable = <A>(value: A): A => cleaned(value, 1) as A
