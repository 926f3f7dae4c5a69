import { Context, DateTime, Effect, Layer } from "effect"
import type { AuditedMembership } from "../customer/AuditEntry.ts"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import { detailsOf, type TimelineActor, type TimelineDetails, type TimelineEntry } from "./TimelineEntry.ts"
import { newest, pageOf, type PlacedEntry, type TimelineCursor, type TimelinePage } from "./timelinePages.ts"

/** Which entries are asked for: at most so many, from the newest on or from where a page ended. */
export interface TimelineRequest {
  readonly limit: number
  readonly after?: TimelineCursor | undefined
}

/**
 * What happened to customers: their events, whether they have gone out or not, and their audits. Nothing is written
 * here: both come with the changes of the customer.
 *
 * MUSTs, each with a contract test of the same wording:
 * - events and audits of a customer are told as one, newest first, each with who, when and the correlation id
 * - details name the fields that changed and hold nothing of what stands in them
 * - pages go through everything once, in the same order whatever their size
 * - what comes in while somebody reads page by page neither shows nor moves anything
 * - what a customer does is told as hers, also where she has not said who she is
 * - an erased customer's entries say what happened and when, and nothing personal
 */
export class CustomerTimeline extends Context.Service<
  CustomerTimeline,
  {
    readonly page: (id: CustomerId, request: TimelineRequest) => Effect.Effect<TimelinePage, StorageUnavailable>
  }
>()("@customer-service/core/CustomerTimeline") {}

type Memory = CustomerMemory["Service"]

const byWhom = (kind: TimelineActor["kind"] | undefined, subject: string | undefined): Pick<TimelineEntry, "by"> =>
  kind === undefined ? {} : { by: { kind, subject } }

const eventEntry = ({ actor, actorKind, customerVersion, envelope }: Memory["events"][number]): TimelineEntry => ({
  at: DateTime.makeUnsafe(envelope.timestamp),
  source: "event",
  type: envelope.eventType,
  ...byWhom(actorKind, actor),
  correlationId: envelope.metadata.correlationId,
  eventId: envelope.eventId,
  version: customerVersion,
  details: detailsOf(envelope.eventType, envelope.data)
})

const given = ({ segment, to, until }: Partial<AuditedMembership>): TimelineDetails => ({
  ...(segment === undefined ? {} : { segment }),
  ...(to === undefined ? {} : { to }),
  ...(until === undefined ? {} : { until })
})

const auditEntry = ({
  action,
  at,
  customerVersion,
  membership,
  reason,
  ...line
}: Memory["audits"][number]): TimelineEntry => ({
  at,
  source: "audit",
  type: action,
  ...byWhom(line.actorKind, line.actor),
  ...(line.correlationId === undefined ? {} : { correlationId: line.correlationId }),
  version: customerVersion,
  details: { ...(reason === undefined ? {} : { reason }), ...given(membership ?? {}) }
})

const placed = (entries: ReadonlyArray<TimelineEntry>): ReadonlyArray<PlacedEntry> =>
  entries.map((entry, index) => ({ entry, place: index + 1 }))

/** The timelines of the customers in memory. */
export const layerMemory: Layer.Layer<CustomerTimeline, never, CustomerMemory> = Layer.effect(
  CustomerTimeline,
  Effect.map(CustomerMemory, ({ audits, events }) =>
    CustomerTimeline.of({
      page: (id, { after = newest, limit }) =>
        Effect.sync(() => {
          const hers = [
            placed(events.filter(({ customerId }) => customerId === id).map(eventEntry)),
            placed(audits.filter(({ customerId }) => customerId === id).map(auditEntry))
          ]
          const below = hers.map((rows) => rows.filter(({ entry, place }) => place < after[entry.source]))
          return pageOf(
            below.flatMap((rows) => rows.slice(-limit - 1)),
            limit
          )
        })
    })
  )
)
