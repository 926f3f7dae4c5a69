const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return "array"
  if (typeof value === "string" && !Number.isNaN(Date.parse(value)) && value.includes("T")) return "time"
  return value === null ? "null" : typeof value
}

const fieldsOf = (value: unknown): ReadonlyArray<readonly [string, unknown]> =>
  typeof value === "object" && value !== null ? Object.entries(value) : []

/**
 * Where `answer` lacks a key of `example` or has a value of another type there, key by key at every depth; of lists
 * each element is compared with the example's of the same place.
 */
export const missingKeys = (example: unknown, answer: unknown, path = ""): ReadonlyArray<string> => {
  if (kindOf(example) !== kindOf(answer)) return [`${path}: ${kindOf(answer)} instead of ${kindOf(example)}`]
  const given = new Map(fieldsOf(answer))
  return fieldsOf(example).flatMap(([key, value]) => missingKeys(value, given.get(key), `${path}.${key}`))
}
