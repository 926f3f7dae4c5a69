import { Option, Predicate, Schema, SchemaGetter } from "effect"

/** A field that is not told where it is unset. */
export const ifSet = <S extends Schema.Constraint>(field: S) =>
  Schema.optionalKey(field).pipe(
    Schema.decodeTo(Schema.optional(Schema.toType(field)), {
      decode: SchemaGetter.passthroughSubtype(),
      encode: SchemaGetter.transformOptional(Option.filter(Predicate.isNotUndefined))
    })
  )
