import { SchemaIssue } from "effect"
import type { InputIssue } from "../customer/CustomerErrors.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const segmentText = (segment: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof segment === "object" ? segment.key : segment)

/** The message of an issue with a field that nothing asked for. */
export const unknownField = "is not a field here"

/** The message of an issue with a field that is missing. */
export const missingField = "is required"

const plainer: Readonly<Record<string, string>> = {
  "Expected no excess property": unknownField,
  "Missing key": missingField
}

/** Every issue of a failed decoding, with its dotted path; what was given is never repeated. */
export const inputIssues = (issue: SchemaIssue.Issue): ReadonlyArray<InputIssue> =>
  format(issue).issues.map(({ path, message }) => ({
    path: (path ?? []).map(segmentText).join("."),
    message: plainer[message] ?? (path === undefined || path.length === 0 ? "must be an object" : message)
  }))
