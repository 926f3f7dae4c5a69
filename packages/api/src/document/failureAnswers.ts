import { type FailureCode, failures, schemaName } from "../Failure.ts"
import type { Example, Reference, Response } from "./Document.ts"
import { failureExample } from "./failureExamples.ts"
import type { OperationNote } from "./OperationNote.ts"
import { headersOf } from "./responseHeaders.ts"

const codes = Object.keys(failures) as ReadonlyArray<FailureCode>
const codeBySchema = new Map(codes.map((code) => [schemaName(code), code]))

const schemaPrefix = "#/components/schemas/"

/** The names of the schemas that a part of the document refers to. */
export const schemasIn = (part: unknown): ReadonlyArray<string> => {
  if (typeof part !== "object" || part === null) return []
  return Object.entries(part).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" && inner.startsWith(schemaPrefix)
      ? [inner.slice(schemaPrefix.length)]
      : schemasIn(inner)
  )
}

const describe = (told: ReadonlyArray<FailureCode>): string =>
  told.length === 1
    ? told.map((code) => failures[code].description).join("")
    : told.map((code) => `- \`${code}\`: ${failures[code].description}`).join("\n")

const exampleOf = (code: FailureCode, details?: OperationNote["invalid"]): Example => ({
  summary: failures[code].description,
  value: failureExample(code, details)
})

const commonExample = (code: FailureCode): Reference => ({ $ref: `#/components/examples/${code}` })

/** One example for each code, for `components.examples`. */
export const commonExamples: Readonly<Record<string, Example>> = Object.fromEntries(
  codes.map((code) => [code, exampleOf(code)])
)

/** The response that each code is alone, for `components.responses`. */
export const commonResponses: Readonly<Record<string, Response>> = Object.fromEntries(
  codes.map((code) => [
    schemaName(code),
    {
      description: failures[code].description,
      headers: headersOf(String(failures[code].status)),
      content: {
        "application/json": {
          schema: { $ref: schemaPrefix + schemaName(code) },
          examples: { [code]: commonExample(code) }
        }
      }
    }
  ])
)

/**
 * A response that is a failure, with an example for each code it may have; undefined where it is none. What the
 * operation itself says of invalid requests goes before the common example.
 */
export const completeFailure = (
  { content }: Response,
  status: string,
  { invalid }: OperationNote
): Response | Reference | undefined => {
  const told = schemasIn(content).flatMap((name) => codeBySchema.get(name) ?? [])
  const [first] = told
  if (content === undefined || first === undefined) return undefined
  const hasOwn = (code: FailureCode) => code === "VALIDATION_FAILED" && invalid !== undefined
  if (told.length === 1 && !hasOwn(first)) return { $ref: `#/components/responses/${schemaName(first)}` }
  const examples = told.map((code) => [code, hasOwn(code) ? exampleOf(code, invalid) : commonExample(code)] as const)
  return {
    description: describe(told),
    headers: headersOf(status),
    content: { "application/json": { ...content["application/json"], examples: Object.fromEntries(examples) } }
  }
}
