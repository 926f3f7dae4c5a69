import { mentions } from "./mentions.ts"
import {
  actor,
  counts,
  each,
  herId,
  ids,
  kept,
  kinds,
  namedIn,
  overwrittenText,
  personal,
  personalText,
  type Table,
  times
} from "./personalDataRules.ts"

/** Events on their way to other services, and the journal of those that have gone. */
export const outbox: ReadonlyArray<Table> = [
  {
    name: "outbox_events",
    hers: namedIn("customer_id"),
    rows: "stay",
    columns: {
      ...each("id event_id customer_id", ids),
      customer_version: counts,
      ...each("topic actor_kind", kinds),
      actor: actor("actor"),
      envelope: overwrittenText(`CASE WHEN t.envelope->>'eventType' = 'CustomerErased' THEN t.envelope
        ELSE jsonb_build_object('eventId', t.envelope->'eventId', 'eventType', t.envelope->'eventType',
          'version', t.envelope->'version', 'timestamp', t.envelope->'timestamp', 'source', t.envelope->'source',
          'data', jsonb_build_object('customerId', t.customer_id),
          'metadata', jsonb_build_object('correlationId', t.envelope->'eventId')) END`),
      dropped_at: {
        ...times,
        erasedTo: `CASE WHEN t.envelope->>'eventType' = 'CustomerErased' THEN t.dropped_at
          ELSE coalesce(t.dropped_at, now()) END`
      },
      ...each("created_at published_at", times)
    }
  },
  {
    // After the events themselves: whoever relays one of them writes here under a lock of the event.
    name: "outbox_refusals",
    hers: namedIn("chain"),
    nobodys: "t.customer_id IS NULL",
    rows: "go",
    columns: {
      ...each("outbox_id chain customer_id", ids),
      ...each("refusals waits", counts),
      reason: personalText,
      ...each("retry_at dead_at", times)
    }
  },
  {
    name: "outbox_partitions",
    rows: "stay",
    columns: {
      partition: counts,
      ticket: kept("shows whose claim it is, a relay's"),
      ...each("lease_until claimed_at publishing_since published_at", times)
    }
  }
]

const herLegacyIds = `(SELECT legacy_id FROM customers WHERE id = ${herId}
  UNION ALL SELECT legacy_id FROM erasure_requests WHERE customer_id = ${herId}
  UNION ALL SELECT legacy_id FROM migration_id_mapping WHERE entity_type = 'customer' AND new_id = ${herId})`

/** Messages about somebody who is not there are as good as nobody's. */
const nobodys = "NOT EXISTS (SELECT FROM customers c WHERE c.id = t.customer_id OR c.legacy_id = t.legacy_id)"

/** Messages that name her, and messages about nobody in which she is mentioned: what they say of her goes with them. */
const toldOfHer = {
  hers: `(t.customer_id = ${herId} OR t.legacy_id IN ${herLegacyIds} OR ${nobodys} AND ${mentions("t.message")})`,
  nobodys
}

/** Messages of other services. */
export const messages: ReadonlyArray<Table> = [
  {
    name: "parked_events",
    ...toldOfHer,
    rows: "go",
    columns: {
      ...each("event_id customer_id legacy_id", personal),
      position: kept("says in which order messages came"),
      topic: kinds,
      message: personalText,
      ...each("received_at until", times)
    }
  },
  {
    name: "dead_letters",
    ...toldOfHer,
    rows: "go",
    columns: {
      id: ids,
      ...each("topic reason", kinds),
      ...each("event_id customer_id legacy_id detail", personal),
      message: personalText,
      created_at: times
    }
  },
  {
    name: "processed_events",
    rows: "stay",
    columns: {
      event_id: kept("an id of another service's message, kept for 30 days"),
      topic: kinds,
      processed_at: times
    }
  }
]
