import { BigDecimal, Schema, SchemaTransformation } from "effect"

/** An exact amount in the shop's currency; a JSON number with at most two decimals on the wire. */
export const Money = Schema.Finite.annotate({
  description: "An amount in the shop's currency, with at most two decimals.",
  examples: [5420.5]
}).pipe(
  Schema.decodeTo(
    Schema.BigDecimal,
    SchemaTransformation.transform({
      decode: (amount) => BigDecimal.fromNumberUnsafe(amount),
      encode: (amount) => BigDecimal.toNumberUnsafe(BigDecimal.round(amount, { scale: 2, mode: "half-from-zero" }))
    })
  )
)

export const zero = BigDecimal.fromNumberUnsafe(0)
