import { type CustomerId, InvalidInput, parseReference } from "@customer-service/core"
import { Effect, Result } from "effect"
import { Base64Url } from "effect/encoding"

/** Where a page of members ended, as text for a URL: opaque to callers. */
export const formatCursor = (last: CustomerId): string => Base64Url.encode(last)

/** Reads what {@link formatCursor} wrote; fails with `InvalidInput` for anything else. */
export const readCursor = (text: string): Effect.Effect<CustomerId, InvalidInput> => {
  const decoded = Base64Url.decodeString(text)
  const reference = Result.isSuccess(decoded) ? parseReference(decoded.success) : undefined
  return reference?._tag === "Id"
    ? Effect.succeed(reference.id)
    : Effect.fail(new InvalidInput({ issues: [{ path: "cursor", message: "is not a cursor of this service" }] }))
}
