import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const documents = fileURLToPath(new URL("../../../../docs/events", import.meta.url))

/** The schema, where nothing beside what it names may be there. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== "object" || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return "properties" in inner ? { ...inner, additionalProperties: false } : inner
}

const compile = (name: string): ValidateFunction => {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false })
  formats.default(ajv)
  return ajv.compile(Object(closed(JSON.parse(readFileSync(`${documents}/${name}.schema.json`, "utf8")))))
}

const compiled = new Map<string, ValidateFunction>()

const validatorOf = (name: string): ValidateFunction => {
  const validate = compiled.get(name) ?? compile(name)
  compiled.set(name, validate)
  return validate
}

/** What is wrong with an event by its schema in docs/events, also where it has fields that the schema does not name. */
export const schemaErrors = (event: { readonly eventType: string }): ReadonlyArray<string> => {
  const validate = validatorOf(event.eventType)
  const isValid: boolean = validate(event)
  return isValid
    ? []
    : (validate.errors ?? []).map(({ instancePath, message = "" }) => `${event.eventType}${instancePath} ${message}`)
}
