import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { consumedEvents } from "../../scripts/events/consumedEvents.ts"
import { eventFiles } from "../../scripts/events/eventFiles.ts"
import { publishedEvents } from "../../scripts/events/publishedEvents.ts"

const files = eventFiles()

/** The JSON Schema of a message, as docs/events holds it. */
export const schemaOf = (name: string): unknown => files[`${name}.schema.json`]

/** The names of all messages that are published. */
export const published = publishedEvents.map(({ name }) => name)
const consumed = consumedEvents.map(({ name }) => name)

const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== "object" || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return "properties" in inner ? { ...inner, additionalProperties: false } : inner
}

const compile = (schema: unknown): ValidateFunction => {
  // Rules that hold whatever the type is stand beside a choice of types.
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false })
  formats.default(ajv)
  if (typeof schema !== "object" || schema === null) throw new Error("there is no such schema")
  return ajv.compile(schema)
}

const compiled = (change: (schema: unknown) => unknown) =>
  new Map([...published, ...consumed].map((name) => [name, compile(change(schemaOf(name)))]))

const open = compiled((schema) => schema)
const strict = compiled(closed)

const complaints = (validators: ReadonlyMap<string, ValidateFunction>, name: string, message: unknown) => {
  const validate = validators.get(name)
  if (validate === undefined) return [`no schema is called ${name}`]
  return validate(message)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message = "" }) => `${instancePath} ${message}`)
}

/** What is wrong with a message by its schema, each place in one line. */
export const errorsOf = (name: string, message: unknown) => complaints(open, name, message)

/** {@link errorsOf}, where a field that the schema does not name is wrong too. */
export const strictErrorsOf = (name: string, message: unknown) => complaints(strict, name, message)
