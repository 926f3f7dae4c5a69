import { Instant } from "@customer-service/core"
import { Schema } from "effect"

/** The envelope of an event that this service publishes. */
export const envelopeOf = <Data extends Schema.Top>(eventType: Schema.Codec<string>, data: Data) =>
  Schema.Struct({
    eventId: Schema.String.annotate({
      description: "The same each time the event is delivered: duplicates are known by it."
    }),
    eventType,
    version: Schema.Literal("1.0").annotate({ description: "The version of this schema." }),
    timestamp: Instant.pipe(Schema.annotateEncoded({ description: "When it happened." })),
    source: Schema.String.annotate({ description: "The service that publishes it.", examples: ["customer-service"] }),
    data,
    metadata: Schema.Struct({
      correlationId: Schema.String.annotate({ description: "The id of the work that it came of." })
    })
  })

/** An event of this service as it is published. */
export interface PublishedExample<Data> {
  readonly eventId: string
  readonly eventType: string
  readonly version: "1.0"
  readonly timestamp: string
  readonly source: string
  readonly data: Data
  readonly metadata: { readonly correlationId: string }
}
