import { SchemaIssue } from "effect"
import type { InputIssue } from "../customer/CustomerErrors.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const segmentText = (segment: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof segment === "object" ? segment.key : segment)

/** The message of an issue with a field that nothing asked for. */
export const unknownField = "is not a field here"

const plainer: Readonly<Record<string, string>> = {
  "Expected no excess property": unknownField,
  "Missing key": "is required"
}

/** Every issue of a failed decoding, with its dotted path; what was given is never repeated. */
export const inputIssues = (issue: SchemaIssue.Issue): ReadonlyArray<InputIssue> =>
  format(issue).issues.map(({ path, message }) => ({
    path: (path ?? []).map(segmentText).join("."),
    message: plainer[message] ?? message
  }))
