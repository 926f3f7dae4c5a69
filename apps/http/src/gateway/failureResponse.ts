import { type Failure, type FailureBody, failures } from "@customer-service/api"
import { HttpServerResponse } from "effect/http"

/** Seconds after which it makes sense to try again when the service cannot answer. */
const retryAfterOutage = "1"

/** A failure as a response in the envelope. */
export const failureResponse = (
  { code, details = [], message }: Failure,
  correlationId: string,
  headers?: Readonly<Record<string, string>>
): HttpServerResponse.HttpServerResponse => {
  const { status } = failures[code]
  const body: FailureBody = { success: false, error: { code, message, details, correlationId } }
  return HttpServerResponse.text(JSON.stringify(body), {
    status,
    contentType: "application/json",
    headers: { ...(status === 503 ? { "retry-after": retryAfterOutage } : {}), ...headers }
  })
}
