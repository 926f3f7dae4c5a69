import type { Clause } from "@customer-service/core"
import type { AttributePlace } from "./ruleSqlColumns.ts"
import type { Bind } from "./ruleSqlParameters.ts"

const comparisons = { lt: "<", lte: "<=", gt: ">", gte: ">=" } as const

// Only what CASE has let through is cast: no plan can have a cast meet a value of another type and raise.
const ofType = (value: string, type: "number" | "string", condition: string): string =>
  `CASE WHEN jsonb_typeof(${value}) = '${type}' THEN ${condition} END`

// The avatar shares the column of the profile's attributes, and is none of them.
const isAttribute = ({ key, table }: AttributePlace): boolean => table === "r" || key !== "avatar"

const number = (value: unknown): string | null => (typeof value === "number" ? String(value) : null)
const text = (value: unknown): string | null => (typeof value === "string" ? value : null)

/** What a clause asks of an attribute; of `ne` and a missing value, what must not be. Types are told apart. */
export const attributeCondition = (place: AttributePlace, { op, value }: Clause, bind: Bind): string => {
  if (!isAttribute(place)) return "FALSE"
  const { document, key } = place
  const keyed = (item: unknown): string => JSON.stringify({ [key]: item })
  // An index on the whole column serves for these two.
  if (op === "eq" || op === "ne") return `${document} @> ${bind(keyed(value), "jsonb")}`
  const name = bind(key, "text")
  if (op === "exists") return `${document} ? ${name}`

  const held = `(${document} -> ${name})`
  const numeric = (symbol: string, operand: unknown) => `${held}::numeric ${symbol} ${bind(number(operand), "numeric")}`
  const [operand, highest] = [value].flat()
  switch (op) {
    case "in":
      return `${held} = ANY(${bind(
        [value].flat().map((item) => JSON.stringify(item)),
        "text[]"
      )}::jsonb[])`
    case "between":
      return ofType(held, "number", `${numeric(">=", operand)} AND ${numeric("<=", highest)}`)
    case "contains":
      return ofType(held, "string", `strpos(${document} ->> ${name}, ${bind(text(operand), "text")}) > 0`)
    case "startsWith":
      return ofType(held, "string", `(${document} ->> ${name}) ^@ ${bind(text(operand), "text")}`)
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return ofType(held, "number", numeric(comparisons[op], operand))
    case "withinLast":
    case "notWithinLast":
    case "dayOfYear":
      return "FALSE"
  }
}
