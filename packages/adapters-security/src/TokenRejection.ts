import { AccessToken } from "@customer-service/core"
import { errors } from "jose"

type Reason = AccessToken.TokenRejected["reason"]

const reasonOfClaim: Record<string, Reason> = { aud: "audience", iss: "issuer", nbf: "expired" }

const reasonOf = (error: unknown): Reason => {
  if (error instanceof errors.JWTExpired) return "expired"
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return "algorithm"
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature"
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return "signature"
  if (!(error instanceof errors.JWTClaimValidationFailed) || error.reason === "invalid") return "malformed"
  return reasonOfClaim[error.claim] ?? "malformed"
}

/** What a failed verification says about the token, without anything of the token. */
export const rejectionOf = (error: unknown): AccessToken.TokenRejected | AccessToken.KeysUnavailable =>
  error instanceof AccessToken.KeysUnavailable ? error : new AccessToken.TokenRejected({ reason: reasonOf(error) })
