import { unknownField } from "@customer-service/core"
import { Schema } from "effect"

/** `{customerId}`: a UUID or a Magento id. */
export const customerPath = {
  customerId: Schema.String
}

/** `{customerId}` and `{addressId}`. */
export const addressPath = {
  ...customerPath,
  addressId: Schema.String
}

/** `{customerId}` and `{sessionId}`. */
export const sessionPath = {
  ...customerPath,
  sessionId: Schema.String
}

/** `{segmentId}`: a segment's UUID, or its name. */
export const segmentPath = {
  segmentId: Schema.String
}

/** `{customerId}` and `{segmentId}`. */
export const membershipPath = {
  ...customerPath,
  ...segmentPath
}

/** Headers of a read that may be answered 304. */
export const ConditionalRead = {
  "if-none-match": Schema.optionalKey(Schema.String)
}

/** Headers of a change that is to happen to one version alone. */
export const ConditionalWrite = {
  "if-match": Schema.optionalKey(Schema.String)
}

/** Headers of a POST that must not happen twice. */
export const KeyedWrite = {
  "idempotency-key": Schema.optionalKey(
    Schema.String.check(
      Schema.makeFilter((key) => /^[\x21-\x7e]{1,255}$/.test(key), {
        message: "must be 1 to 255 visible ASCII characters"
      })
    )
  )
}

/** A request that needs no body: none at all, or `{}`. */
export const NoBody = [
  Schema.Undefined,
  Schema.Record(Schema.String, Schema.Never.annotate({ message: unknownField })).annotate({ identifier: "NoBody" })
] as const
