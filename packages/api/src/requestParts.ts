import { Schema } from "effect"

/** `{customerId}`: a UUID or a Magento id. */
export const customerPath = {
  customerId: Schema.String.annotate({ description: "The customer's UUID, or her Magento id (1 to 4294967295)." })
}

/** `{customerId}` and `{addressId}`. */
export const addressPath = {
  ...customerPath,
  addressId: Schema.String.annotate({ description: "The address's UUID." })
}

/** Headers of a read that may be answered 304. */
export const ConditionalRead = {
  "if-none-match": Schema.optionalKey(
    Schema.String.annotate({ description: 'A version read before, as `"7"`: 304 if it still holds.' })
  )
}

/** Headers of a change that is to happen to one version alone. */
export const ConditionalWrite = {
  "if-match": Schema.optionalKey(
    Schema.String.annotate({
      description: 'The version that is to be changed, as `"7"`: 412 if it is not the current one.'
    })
  )
}

/** Headers of a POST that must not happen twice. */
export const KeyedWrite = {
  "idempotency-key": Schema.optionalKey(
    Schema.String.check(
      Schema.makeFilter((key) => /^[\x21-\x7e]{1,255}$/.test(key), {
        message: "must be 1 to 255 visible ASCII characters"
      })
    ).annotate({
      description:
        "A key of your choice: the same request under it happens once, and is answered the same for 24 hours."
    })
  )
}
