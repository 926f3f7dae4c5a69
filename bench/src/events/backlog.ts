import type { Client } from "pg"
import type { PublishedEvent } from "../workloads/publish.ts"
import { waitUntil } from "./waitUntil.ts"

/** How many events the backlog holds, of how many customers. */
const [backlogCustomers, eventsEach] = [5000, 4]

/**
 * Events of customers $1 to $2 of their numbers, made of those that one customer, $3, had. Those of different customers
 * mix, as they do where many are about; each customer's come in their order.
 */
const fill = `
WITH examples AS (
  SELECT topic, envelope, row_number() OVER (ORDER BY id) AS turn FROM outbox_events WHERE customer_id = $3
), places AS (
  SELECT c.id, c.version, gen_random_uuid() AS event_id, hashtext(c.id::text || turn) AS place
  FROM (SELECT id, version FROM customers WHERE id <> $3 ORDER BY id LIMIT $1) c, generate_series(1, $2) AS turn
), turns AS MATERIALIZED (
  SELECT *, row_number() OVER (PARTITION BY id ORDER BY place) AS turn FROM places
)
INSERT INTO outbox_events (event_id, customer_id, customer_version, topic, envelope)
SELECT event_id, id, version, topic, envelope || jsonb_build_object('eventId', event_id,
  'data', (envelope->'data') || jsonb_build_object('customerId', id))
FROM turns JOIN examples USING (turn) ORDER BY place`

/** Writes a backlog all at once, made of the events that the example customer had; answers how many events. */
export const fillBacklog = async (client: Client, example: string): Promise<number> => {
  const { rowCount } = await client.query(fill, [backlogCustomers, eventsEach, example])
  return rowCount ?? 0
}

/** The position of the newest event; those that are written later have greater ones. */
export const lastPosition = async (client: Client): Promise<string> => {
  const { rows } = await client.query<{ last: string }>("SELECT coalesce(max(id), 0)::text AS last FROM outbox_events")
  return rows[0]?.last ?? "0"
}

const isPublished = async (client: Client, after: string): Promise<boolean> => {
  const { rowCount } = await client.query("SELECT FROM outbox_events WHERE id > $1 AND published_at IS NULL LIMIT 1", [
    after
  ])
  return rowCount === 0
}

/**
 * Waits until everything after a position is published, for two minutes at most; answers when the last was, in
 * milliseconds since the epoch, and how many were not.
 */
export const untilPublished = async (
  client: Client,
  after: string
): Promise<{ readonly at: number; readonly left: number }> => {
  await waitUntil(() => isPublished(client, after))
  const { rows } = await client.query<{ at: Date | null; left: number }>(
    `SELECT max(published_at) AS at, (count(*) FILTER (WHERE published_at IS NULL))::int AS left
    FROM outbox_events WHERE id > $1`,
    [after]
  )
  return { at: rows[0]?.at?.getTime() ?? Number.NaN, left: rows[0]?.left ?? 0 }
}

/** The newest `most` events of the outbox, as they are published. */
export const newestEvents = async (client: Client, most: number): Promise<ReadonlyArray<PublishedEvent>> => {
  const { rows } = await client.query<PublishedEvent>(
    "SELECT topic, envelope::text AS envelope FROM outbox_events ORDER BY id DESC LIMIT $1",
    [most]
  )
  return rows
}
