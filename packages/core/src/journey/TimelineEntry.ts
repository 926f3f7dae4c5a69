import { type DateTime, Schema, Struct } from "effect"
import { Instant } from "../value/Instant.ts"
import { CustomerSegmentChanged } from "../customer/CustomerEvent.ts"
import { CustomerStatus } from "../customer/Customer.ts"
import type { Actor } from "../request/Actor.ts"

const { change, from, reason, ruleVersion, segment, to } = CustomerSegmentChanged.fields

/**
 * What is told of an entry beside what it is, nothing of it personal: the names of the service's own fields that
 * `changed`, the status from then on, what a change of her standing was and why, or the `reason` that was noted.
 */
export const TimelineDetails = Schema.Struct({
  changed: Schema.optionalKey(Schema.Array(Schema.String)),
  status: Schema.optionalKey(CustomerStatus),
  change: Schema.optionalKey(change),
  segment,
  from: Schema.optionalKey(from),
  to: Schema.optionalKey(to),
  reason: Schema.optionalKey(reason),
  ruleVersion,
  until: Schema.optionalKey(Instant.annotate({ description: "Until when a colleague's word on a membership holds." }))
})
export type TimelineDetails = typeof TimelineDetails.Type

/** Who did something: a customer, a service, or a colleague. */
export type TimelineActor = Pick<Actor, "kind"> & { readonly subject?: string | undefined }

/** Something that happened to a customer: one of her events, or a line of her audit. */
export interface TimelineEntry {
  readonly at: DateTime.Utc
  readonly source: "event" | "audit"
  /** The event's type, or what was done. */
  readonly type: string
  /** Absent of events from before this was kept. */
  readonly by?: TimelineActor | undefined
  readonly correlationId?: string | undefined
  /** Absent of lines of the audit. */
  readonly eventId?: string | undefined
  /** The version she had after it. */
  readonly version: number
  readonly details: TimelineDetails
}

// What a shop names by itself may say anything, also whose it is.
const ownNames = /^(profile\.data|preferences\.custom)\..*/s

const fieldsIn = (changed: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(changed.map((path) => path.replace(ownNames, "$1")))
]

/** The parts of an event's data that its details follow from. */
export const tellingParts = ["changed", "status", "change", "segment", "from", "to", "reason", "ruleVersion"] as const

const asStored = { disableChecks: true }
const decodeMove = Schema.decodeUnknownSync(TimelineDetails, asStored)
const decodeChange = Schema.decodeUnknownSync(
  Schema.Struct(Struct.pick(TimelineDetails.fields, ["changed", "status"])),
  asStored
)

/** The details of a line of the audit, from what is kept of it. */
export const auditDetails = (kept: unknown): TimelineDetails => decodeMove(kept)

/** The details of an event, from its data or from the {@link tellingParts} of that. */
export const detailsOf = (eventType: string, data: unknown): TimelineDetails => {
  if (eventType === "CustomerSegmentChanged") return decodeMove(data)
  const { changed, ...told } = decodeChange(data)
  return changed === undefined ? told : { changed: fieldsIn(changed), ...told }
}
