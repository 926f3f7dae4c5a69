import { Outbox } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { Array as Arr, Effect, Option, Random } from "effect"
import { SqlClient } from "effect/sql"
import { dueEvents } from "../src/outboxStatements.ts"
import { postgres } from "./support/database.ts"
import { AnotherOutbox, outboxOfTwoProcesses, outboxOfTwoRelays } from "./support/outbox.ts"
import { writeEvents } from "./support/writtenEvents.ts"

const [customers, eventsOfEach] = [200, 25]

/** Seconds after which something is tried again, and for which a killed relay holds a claim. */
const [soon, leaseSeconds] = [0.03, 0.2]

/** The versions of each customer that were sent, in the order in which they were. */
type Sent = Map<string | undefined, Array<number>>

const note = (sent: Sent, { customerId, customerVersion }: Outbox.ClaimedEvent): void =>
  void sent.set(customerId, [...(sent.get(customerId) ?? []), customerVersion])

/** What becomes of an event: now and then the bus does not take one. */
const outcomeOf = ({ position }: Outbox.ClaimedEvent) =>
  Effect.map(Random.nextBetween(0, 1), (luck): Partial<Outbox.Settlement> => {
    if (luck < 0.02) return { refused: [{ position, reason: "too large", retrySeconds: soon }] }
    if (luck < 0.04) return { delayed: [{ position, retrySeconds: soon }] }
    return { published: [position] }
  })

/** Sends what it can of a claim, and of a customer nothing behind what the bus did not take. */
const send = Effect.fnUntraced(function* ({ events }: Outbox.Claim, sent: Sent) {
  const outcomes: Array<Partial<Outbox.Settlement>> = []
  const stuck = new Set<string | undefined>()
  for (const event of events) {
    if (stuck.has(event.customerId)) continue
    const outcome = yield* outcomeOf(event)
    outcomes.push(outcome)
    if (outcome.published === undefined) stuck.add(event.customerId)
    else note(sent, event)
  }
  return {
    published: outcomes.flatMap(({ published = [] }) => published),
    refused: outcomes.flatMap(({ refused = [] }) => refused),
    delayed: outcomes.flatMap(({ delayed = [] }) => delayed)
  }
})

const open = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{
    count: number
  }>`SELECT count(*)::int AS count FROM outbox_events WHERE published_at IS NULL`
  return row?.count
})

/** Relays until everything is published; of five claims it is killed over one, having sent all that it could. */
const relay = Effect.fnUntraced(function* (outbox: Outbox.Outbox["Service"], sent: Sent) {
  while ((yield* open) !== 0) {
    const claim = yield* outbox.claim({ most: 100, leaseSeconds })
    if (Option.isNone(claim)) continue
    const settlement = yield* send(claim.value, sent)
    if ((yield* Random.nextBetween(0, 1)) < 0.2) continue
    yield* outbox.settle(claim.value, settlement)
  }
})

for (const [name, services] of [
  ["two processes on PostgreSQL", outboxOfTwoProcesses] as const,
  ["two relays on PGlite", outboxOfTwoRelays] as const
]) {
  layer(services, { excludeTestServices: true })(`${name} that relay the same events`, (it) => {
    it.effect("lose none and keep each customer's order, whatever fails and whoever is killed", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* writeEvents(customers, eventsOfEach)
        const sent: Sent = new Map()
        const outboxes = [yield* Outbox.Outbox, yield* AnotherOutbox]
        yield* Effect.forEach([...outboxes, ...outboxes], (outbox) => relay(outbox, sent), { concurrency: "unbounded" })
        assert.strictEqual(sent.size, customers)
        for (const versions of sent.values()) {
          assert.deepStrictEqual(Arr.dedupe(versions), Arr.range(1, eventsOfEach))
        }
        assert.deepStrictEqual(yield* sql`SELECT outbox_id FROM outbox_refusals`, [])
      })
    )
  })
}

layer(postgres)("a wait that ends while a relay looks for what is due", (it) => {
  it.effect("lets no later event of the customer pass the one that waited", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* writeEvents(1, 10_000)
      const wait = (milliseconds: number) => sql`
        INSERT INTO outbox_refusals (outbox_id, chain, customer_id, refusals, waits, retry_at)
        SELECT id, customer_id, customer_id, 1, 0, clock_timestamp() + ${milliseconds}::int * interval '1 millisecond'
        FROM outbox_events ORDER BY id LIMIT 1
        ON CONFLICT (outbox_id) DO UPDATE SET retry_at = excluded.retry_at`
      for (const milliseconds of Arr.range(1, 20)) {
        yield* wait(milliseconds)
        const [first] = yield* sql.unsafe<{ customerVersion: number }>(dueEvents, [0, 10])
        assert.include([undefined, 1], first?.customerVersion)
      }
    })
  )
})
