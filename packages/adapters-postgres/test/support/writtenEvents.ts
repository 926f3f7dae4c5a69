import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Writes so many events of each of so many customers, whose changes take turns; an event's version is its number. */
export const writeEvents = Effect.fnUntraced(function* (customers: number, eventsOfEach: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    INSERT INTO outbox_events (event_id, customer_id, customer_version, topic, envelope)
    SELECT event_id, customer_id, number, 'customers.profile.updated', jsonb_build_object('eventId', event_id,
      'eventType', 'CustomerProfileUpdated', 'version', '1.0', 'timestamp', '2026-01-01T00:00:00.000Z',
      'source', 'customer-service', 'data', jsonb_build_object('customerId', customer_id, 'text', repeat('x', 500)),
      'metadata', jsonb_build_object('correlationId', event_id))
    FROM (
      SELECT gen_random_uuid() AS event_id, number,
        ('00000000-0000-4000-8000-' || lpad(to_hex(customer), 12, '0'))::uuid AS customer_id
      FROM generate_series(1, ${eventsOfEach}::int) number, generate_series(0, ${customers}::int - 1) customer
      ORDER BY number, customer
    ) written`.unprepared
})
