import type { Change, Facts } from "@customer-service/core"
import { Arbitraries, written } from "@customer-service/core/testing"
import { DateTime, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import * as fc from "fast-check"
import * as PgCustomerBulk from "../../src/PgCustomerBulk.ts"
import { pglite, postgres } from "./database.ts"

const isLong = process.env["RULE_ENGINES"] === "long"
const seed = Number(process.env["RULE_ENGINES_SEED"] ?? Date.now() % 1_000_000)

/** Sets of customers to draw, by their seeds: more of them where RULE_ENGINES=long asks for it. */
export const drawings = (few: number, many: number): ReadonlyArray<number> =>
  Array.from({ length: isLong ? many : few }, (_, place) => seed + place)

/** How often something is done, and how often where RULE_ENGINES=long asks for more. */
export const times = (few: number, many: number): number => (isLong ? many : few)

/** A moment, and customers as rules know them that are drawn for it; the same for the same seed. */
export const drawFacts = (count: number, drawing: number) => {
  const [now = DateTime.makeUnsafe(0)] = fc.sample(Arbitraries.ruleMoment, { seed: drawing, numRuns: 1 })
  return { now, facts: fc.sample(Arbitraries.severalFacts(now, count), { seed: drawing, numRuns: 1 }).flat() }
}

const changeOf = ({ customer, lastOrderAt }: Facts): Change => ({
  ...written(customer),
  standing: { updatedAt: customer.updatedAt, ...(lastOrderAt === undefined ? {} : { lastOrderAt }) }
})

const tables = ["customers", "customer_profiles", "customer_preferences", "customer_metrics", "customer_addresses"]

/** Has a database hold these customers and nobody else, with the segments that they belong to, of which one is off. */
export const plantFacts = Effect.fnUntraced(function* (facts: ReadonlyArray<Facts>) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`TRUNCATE customers CASCADE`
  yield* (yield* PgCustomerBulk.PgCustomerBulk).insertAll(facts.map(changeOf))
  yield* sql`
    INSERT INTO customer_segments (name, rules, is_active)
    SELECT name, '{"all": []}', name <> 'a' FROM unnest(${[...Arbitraries.segmentNames]}::text[]) AS name
    ON CONFLICT (name) DO NOTHING`
  const memberships = facts.flatMap(({ customer: { id }, segments }) => [...segments].map((name) => ({ id, name })))
  yield* sql`
    INSERT INTO customer_segment_memberships (customer_id, segment_id)
    SELECT x.id, s.id FROM jsonb_to_recordset(${JSON.stringify(memberships)}::text::jsonb) AS x(id uuid, name text)
    JOIN customer_segments s USING (name)`
  for (const table of tables) yield* sql.unsafe(`ANALYZE ${table}`).unprepared
})

const bulk = Layer.provide(PgCustomerBulk.layer, SecureRandom.layerWebCrypto)

const plantedPglite = Layer.provideMerge(bulk, pglite)

/** PostgreSQL that facts can be planted in. */
export const plantedPostgres = Layer.provideMerge(bulk, postgres)

/** Both of them, by their names. */
export const databases = [["PGlite", plantedPglite] as const, ["PostgreSQL", plantedPostgres] as const]
