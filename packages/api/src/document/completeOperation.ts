import { type Content, mapValues, type Operation, type Reference, type RequestBody, type Response } from "./Document.ts"
import { withoutNothing } from "./optionalBody.ts"
import { completeFailure } from "./failureAnswers.ts"
import type { OperationNote } from "./OperationNote.ts"
import { operationNotes } from "./operationNotes.ts"
import { describeParameter } from "./parameters.ts"
import { headersOf } from "./responseHeaders.ts"

const withExample = (content: Content, example: unknown): Content => ({
  "application/json": { ...content["application/json"], example }
})

const completeSuccess = ({ content }: Response, status: string, { answer, deferred }: OperationNote): Response => {
  if (content === undefined) {
    return { description: "The version that If-None-Match names still holds.", headers: headersOf(status) }
  }
  const { data, description, headers } = (status === "202" ? deferred : undefined) ?? answer
  return {
    description,
    headers: headersOf(status, headers),
    content: withExample(content, { success: true, data })
  }
}

const completeBody = (body: RequestBody, example: unknown): RequestBody => {
  const shown = withoutNothing(body)
  return { ...shown, content: withExample(shown.content, example) }
}

/**
 * An operation with all that is known of it beyond its types: examples of what it takes and of everything it
 * answers, what each answer means, and its headers.
 */
export const completeOperation = (operation: Operation): Operation => {
  const note = operationNotes[operation.operationId]
  if (note === undefined) return operation
  const complete = (response: Response | Reference, status: string): Response | Reference =>
    "$ref" in response ? response : (completeFailure(response, status, note) ?? completeSuccess(response, status, note))
  const { requestBody } = operation
  return {
    ...operation,
    parameters: [...operation.parameters.map(describeParameter), { $ref: "#/components/parameters/X-Correlation-Id" }],
    ...(requestBody === undefined ? {} : { requestBody: completeBody(requestBody, note.request) }),
    responses: mapValues(operation.responses, complete)
  }
}
