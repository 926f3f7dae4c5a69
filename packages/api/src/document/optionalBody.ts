import type { RequestBody, Schema } from "./Document.ts"

const isNull = (schema: Schema): boolean => schema["type"] === "null"

/**
 * A request's body as it is documented. One that may be absent is generated as `null` or what it may hold, since JSON
 * has no word for nothing; it is shown as a body that is not required.
 */
export const withoutNothing = (body: RequestBody): RequestBody => {
  const media = body.content["application/json"]
  const alternatives = media.schema["anyOf"]
  if (!Array.isArray(alternatives) || !alternatives.some(isNull)) return body
  const [schema = {}, ...others] = alternatives.filter((alternative) => !isNull(alternative))
  return {
    required: false,
    content: { "application/json": { ...media, schema: others.length === 0 ? schema : { anyOf: [schema, ...others] } } }
  }
}
