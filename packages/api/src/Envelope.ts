import { Schema, SchemaTransformation } from "effect"

/**
 * The schema of a success: `{"success":true,"data":{…}}` on the wire, for callers of the typed client `data` alone.
 */
export const success = <Fields extends Schema.Struct.Fields>(identifier: string, fields: Fields) => {
  const data = Schema.Struct(fields)
  return Schema.Struct({ success: Schema.Literal(true), data })
    .annotate({ identifier })
    .pipe(
      Schema.decodeTo(
        Schema.toType(data),
        SchemaTransformation.transform({
          decode: (envelope) => envelope.data,
          encode: (content) => ({ success: true as const, data: content })
        })
      )
    )
}

const opening = (key: string) => `{"success":true,"data":{"${key}":`

/** A success whose one resource is JSON text already. */
export const renderSuccess = (key: string, json: string): string => `${opening(key)}${json}}}`
