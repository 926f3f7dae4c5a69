import { openApiDocument } from "../../src/index.ts"

export type Json = { readonly [key: string]: Json } | ReadonlyArray<Json> | string | number | boolean | null

/** The document as its readers get it. */
export const document: Json = JSON.parse(JSON.stringify(openApiDocument()))

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The value at a path of keys; undefined where there is none. */
export const at = (value: Json | undefined, ...path: ReadonlyArray<string>): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value)

/** The entries of an object; none where there is no object. */
export const entries = (value: Json | undefined): ReadonlyArray<readonly [string, Json]> =>
  isObject(value) ? Object.entries(value) : []

/** What a `$ref` of this document names; undefined where it names nothing. */
export const target = (reference: string): Json | undefined => at(document, ...reference.split("/").slice(1))

/** A part of the document with its `$ref`, if it is one, followed. */
export const follow = (value: Json | undefined): Json | undefined => {
  const reference = at(value, "$ref")
  return typeof reference === "string" ? follow(target(reference)) : value
}

/** All references in a part of the document. */
export const references = (value: Json): ReadonlyArray<string> =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) =>
        key === "$ref" && typeof inner === "string" ? [inner] : references(inner)
      )

/** Every operation of the document by its id. */
export const operations: ReadonlyArray<readonly [id: string, operation: Json]> = entries(at(document, "paths")).flatMap(
  ([, path]) => entries(path).map(([, operation]) => [String(at(operation, "operationId")), operation] as const)
)

/** Every answer of every operation, with its media type where it has a body. */
export const answers = operations.flatMap(([id, operation]) =>
  entries(at(operation, "responses")).map(([status, response]) => ({
    id,
    status,
    response: follow(response),
    media: at(follow(response), "content", "application/json")
  }))
)

/** The codes that an answer may have, by the schema it declares. */
export const declaredCodes = (media: Json | undefined): ReadonlyArray<string> => {
  const schema = at(media, "schema")
  const alternatives = at(schema, "anyOf")
  const schemas = Array.isArray(alternatives) ? alternatives : [schema]
  return schemas.flatMap((each: Json | undefined) => {
    const codes = at(follow(each), "properties", "error", "properties", "code", "enum")
    return Array.isArray(codes) ? codes.map(String) : []
  })
}
