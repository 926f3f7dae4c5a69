import type { Schema } from "effect"

/** What is told of an event: on which topics it goes, in one sentence what it means, in more what it asks for. */
export interface EventDescription {
  readonly name: string
  readonly topics: ReadonlyArray<string>
  readonly summary: string
  readonly description: string
  /** The whole message. */
  readonly schema: Schema.Top
  readonly example: unknown
}
