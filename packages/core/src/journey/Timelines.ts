import { Effect, Struct } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import * as Customers from "../customer/Customers.ts"
import { CurrentActor, isItself } from "../request/Actor.ts"
import { CustomerTimeline, type TimelineRequest } from "./CustomerTimeline.ts"
import type { TimelineEntry } from "./TimelineEntry.ts"
import type { TimelinePage } from "./timelinePages.ts"

/** A customer is not told which colleague or service it was, nor what they noted. */
const withoutNotes = ({ by, details, ...entry }: TimelineEntry): TimelineEntry => ({
  ...entry,
  ...(by === undefined ? {} : { by: by.kind === "customer" ? by : { kind: by.kind } }),
  details: by !== undefined && isItself(by) ? details : Struct.omit(details, ["reason"])
})

/** A page of what happened to a customer, newest first; closed accounts are shown to admins alone. */
export const page = Effect.fn("Timelines.page")(function* (id: CustomerId, request: TimelineRequest) {
  const timeline = yield* CustomerTimeline
  yield* Customers.get(id)
  const found: TimelinePage = yield* timeline.page(id, request)
  const isHerself = (yield* CurrentActor).kind === "customer"
  return isHerself ? { ...found, entries: found.entries.map(withoutNotes) } : found
})
