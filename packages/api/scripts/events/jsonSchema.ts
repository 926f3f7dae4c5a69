import { Schema } from "effect"
import type { EventDescription } from "./EventDescription.ts"

type Json = Readonly<Record<string, unknown>>

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

const isUnbounded = (keyword: string, value: unknown): boolean =>
  (keyword === "minimum" && value === Number.MIN_SAFE_INTEGER) ||
  (keyword === "maximum" && value === Number.MAX_SAFE_INTEGER)

// A rule may be tightened, and what was given before it goes on being published as it was given.
const rules = new Set(["pattern", "minLength", "maxLength", "maxProperties"])
const keptFormats = new Set<unknown>(["date-time", "date", "uuid"])

const isLeftOut = (keyword: string, value: unknown): boolean =>
  isUnbounded(keyword, value) || rules.has(keyword) || (keyword === "format" && !keptFormats.has(value))

/** A schema without the keywords that are left out; `properties` holds names and no keywords. */
const withoutRules = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutRules)
  if (!isJson(schema)) return schema
  const kept = Object.entries(schema).filter(([keyword, value]) => !isLeftOut(keyword, value))
  return Object.fromEntries(
    kept.map(([keyword, value]) => {
      if (keyword === "examples") return [keyword, value]
      if (keyword !== "properties" || !isJson(value)) return [keyword, withoutRules(value)]
      return [keyword, Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withoutRules(field)]))]
    })
  )
}

/** The JSON Schema of a message that this service takes, rules on values included. */
export const consumedSchema = ({ description, example, name, schema, summary }: EventDescription): Json => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: `urn:customer-service:event:${name}:1.0`,
  title: name,
  description: `${summary} ${description} Fields that are not named here may be there.`,
  ...(Schema.toJsonSchemaDocument(schema).schema as Json),
  examples: [example]
})

/** The JSON Schema of a message that this service publishes: its fields and their types, no rules on values. */
export const publishedSchema = (event: EventDescription): Json => {
  const { $id, $schema, examples, ...schema } = consumedSchema(event)
  return { $schema, $id, ...(withoutRules(schema) as Json), examples }
}
