import { type Failure, type FailureBody, failures } from "@customer-service/api"
import { HttpServerResponse } from "effect/http"

/** Seconds after which it makes sense to try again when the service cannot answer. */
const retryAfterOutage = "1"

/** A failure in the envelope, for whoever sends it. */
export const renderFailure = ({ code, details = [], message }: Failure, correlationId: string) => {
  const { status } = failures[code]
  const body: FailureBody = { success: false, error: { code, message, details, correlationId } }
  const headers: Record<string, string> = {
    "cache-control": "no-store",
    ...(status === 503 ? { "retry-after": retryAfterOutage } : {}),
    // RFC 9110, section 11.6.1: whoever is not known is told how to be.
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {})
  }
  return { status, headers, body: JSON.stringify(body) }
}

/** A failure as a response in the envelope. */
export const failureResponse = (
  failure: Failure,
  correlationId: string,
  more?: Readonly<Record<string, string>>
): HttpServerResponse.HttpServerResponse => {
  const { body, headers, status } = renderFailure(failure, correlationId)
  return HttpServerResponse.text(body, { status, contentType: "application/json", headers: { ...headers, ...more } })
}
