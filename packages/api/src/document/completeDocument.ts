import { completeOperation } from "./completeOperation.ts"
import { type Document, mapValues, type Schema } from "./Document.ts"
import { commonExamples, commonResponses, schemasIn } from "./failureAnswers.ts"
import { correlationIdParameter } from "./parameters.ts"
import { headers } from "./responseHeaders.ts"

/** What an answer may hold: its objects may gain fields, and a list of anything says so. */
const opened = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(opened)
  if (typeof value !== "object" || value === null) return value
  const kept = Object.entries(value).filter(([key, inner]) => key !== "additionalProperties" || inner !== false)
  const entries = Object.fromEntries(kept.map(([key, inner]) => [key, opened(inner)]))
  return entries["type"] === "array" && !("items" in entries) ? { ...entries, items: {} } : entries
}

// An answer may gain a field; a client made from this document must not break when it does.
const openAnswers = ({ components, paths }: Document): Record<string, Schema> => {
  const requests = Object.values(paths).flatMap((path) => Object.values(path).map(({ requestBody }) => requestBody))
  const taken = new Set(schemasIn(requests))
  return mapValues(components.schemas, (schema, name) => (taken.has(name) ? schema : (opened(schema) as Schema)))
}

/** The entries of a section of `components` that the given parts refer to. */
const referred = <A>(section: string, entries: Readonly<Record<string, A>>, ...parts: ReadonlyArray<unknown>) => {
  const text = JSON.stringify(parts)
  return Object.fromEntries(
    Object.entries(entries).filter(([name]) => text.includes(`"#/components/${section}/${name}"`))
  )
}

/** A generated OpenAPI document with what types alone cannot say. */
export const completeDocument = (generated: Record<string, unknown>): Record<string, unknown> => {
  const document = generated as Document
  const paths = mapValues(document.paths, (path) => mapValues(path, completeOperation))
  const responses = referred("responses", commonResponses, paths)
  return {
    ...document,
    info: { ...document.info, contact: { name: "Customer service maintainers" } },
    tags: [...new Map(document.tags.map((tag) => [tag.name, tag])).values()],
    paths,
    components: {
      ...document.components,
      schemas: openAnswers(document),
      securitySchemes: mapValues(document.components.securitySchemes, ({ scheme, ...rest }) => ({
        ...rest,
        scheme: scheme.toLowerCase()
      })),
      parameters: { "X-Correlation-Id": correlationIdParameter },
      headers,
      responses,
      examples: referred("examples", commonExamples, paths, responses)
    }
  }
}
