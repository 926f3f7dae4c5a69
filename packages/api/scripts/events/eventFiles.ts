import { asyncApiDocument } from "./asyncApi.ts"
import { consumedEvents } from "./consumedEvents.ts"
import { consumedSchema, publishedSchema } from "./jsonSchema.ts"
import { publishedEvents } from "./publishedEvents.ts"

/** What docs/events holds that is generated, by the file's name. */
export const eventFiles = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries([
    ...publishedEvents.map((event) => [`${event.name}.schema.json`, publishedSchema(event)] as const),
    ...consumedEvents.map((event) => [`${event.name}.schema.json`, consumedSchema(event)] as const),
    ["asyncapi.json", asyncApiDocument()] as const
  ])
