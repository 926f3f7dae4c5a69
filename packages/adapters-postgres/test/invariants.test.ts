import { CustomerRepository } from "@customer-service/core"
import { registration } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { postgres } from "./support/database.ts"
import { repository } from "./support/repository.ts"

const someone = Effect.flatMap(CustomerRepository.CustomerRepository, (customers) => customers.insert(registration()))

const addressOf = (customerId: string, type: string) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => sql`
      INSERT INTO customer_addresses (customer_id, type, is_default, address_line_1, city, country_code)
      VALUES (${customerId}, ${type}, true, '1 Main St', 'Springfield', 'US')`
  )

/** The name of the constraint that refuses a statement. */
const refusing = <A, R>(statement: Effect.Effect<A, SqlError.SqlError, R>) =>
  Effect.map(Effect.flip(statement), ({ reason }) => {
    const { cause } = reason
    return typeof cause === "object" && cause !== null && "constraint" in cause ? cause.constraint : reason
  })

const run = (statement: string, ...values: ReadonlyArray<unknown>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement, values))

layer(Layer.provideMerge(repository(), postgres))("written past the domain, the database refuses", (it) => {
  it.effect("a second default of a kind", () =>
    Effect.gen(function* () {
      const [shipper, biller] = [yield* someone, yield* someone]
      yield* addressOf(shipper.id, "shipping")
      yield* addressOf(biller.id, "billing")
      const [shipping, billing] = ["customer_addresses_one_default_shipping", "customer_addresses_one_default_billing"]
      assert.strictEqual(yield* refusing(addressOf(shipper.id, "shipping")), shipping)
      assert.strictEqual(yield* refusing(addressOf(shipper.id, "both")), shipping)
      assert.strictEqual(yield* refusing(addressOf(biller.id, "both")), billing)
      yield* addressOf(shipper.id, "billing")
      assert.strictEqual(yield* refusing(addressOf(shipper.id, "billing")), billing)
    })
  )

  it.effect("a second customer of one email, in other capitals too, until the first is erased", () =>
    Effect.gen(function* () {
      const { email, id } = yield* someone
      const again = run("INSERT INTO customers (email) VALUES ($1)", email.toUpperCase())
      assert.strictEqual(yield* refusing(again), "customers_email_unique")
      yield* run("UPDATE customers SET deleted_at = now() WHERE id = $1", id)
      assert.strictEqual(yield* refusing(again), "customers_email_unique")
      yield* run("UPDATE customers SET erased_at = now() WHERE id = $1", id)
      yield* again
    })
  )

  it.effect("a second owner of a legacy id", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* someone, yield* someone]
      const claim = (id: string) => run("UPDATE customers SET legacy_id = 4294967295 WHERE id = $1", id)
      yield* claim(one.id)
      assert.strictEqual(yield* refusing(claim(other.id)), "customers_legacy_id_unique")
      yield* Effect.all([addressOf(one.id, "shipping"), addressOf(other.id, "shipping")])
      const claimAddress = run(
        "UPDATE customer_addresses SET legacy_id = 7 WHERE customer_id IN ($1, $2)",
        one.id,
        other.id
      )
      assert.strictEqual(yield* refusing(claimAddress), "customer_addresses_legacy_id_unique")
    })
  )

  it.effect("a second profile, set of preferences or standing, and any of nobody", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      for (const table of ["customer_profiles", "customer_preferences", "customer_metrics"]) {
        const insert = (customerId: string) => run(`INSERT INTO ${table} (customer_id) VALUES ($1)`, customerId)
        assert.match(String(yield* refusing(insert(id))), /_(?:pkey|customer_id_key)$/)
        assert.strictEqual(yield* refusing(insert("00000000-0000-0000-0000-000000000000")), `${table}_customer_id_fkey`)
      }
    })
  )

  it.effect("values that the service does not know", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      yield* addressOf(id, "shipping")
      const set = (table: string, column: string, owner = "customer_id") =>
        refusing(run(`UPDATE ${table} SET ${column} = 'unknown' WHERE ${owner} = $1`, id))
      assert.strictEqual(yield* set("customers", "status", "id"), "customers_status_check")
      assert.strictEqual(yield* set("customers", "customer_type", "id"), "customers_customer_type_check")
      assert.strictEqual(yield* set("customer_profiles", "gender"), "customer_profiles_gender_check")
      assert.strictEqual(yield* set("customer_addresses", "type"), "customer_addresses_type_check")
      assert.strictEqual(yield* set("customer_metrics", "tier"), "customer_metrics_tier_check")
      assert.strictEqual(yield* set("customer_metrics", "segment"), "customer_metrics_segment_check")
      assert.strictEqual(yield* set("consent_ledger", "state"), "consent_ledger_state_check")
    })
  )

  it.effect("an event or an idempotency key a second time", () =>
    Effect.gen(function* () {
      const { id } = yield* someone
      const copy = run(
        `INSERT INTO outbox_events (event_id, customer_id, customer_version, topic, envelope)
        SELECT event_id, customer_id, customer_version, topic, envelope FROM outbox_events WHERE customer_id = $1`,
        id
      )
      assert.strictEqual(yield* refusing(copy), "outbox_events_event_id_key")
      const key = run(
        "INSERT INTO idempotency_keys (key, fingerprint, customer_id, answer, expires_at) VALUES ($1, '', $2, '', now())",
        id,
        id
      )
      yield* key
      assert.strictEqual(yield* refusing(key), "idempotency_keys_pkey")
    })
  )
})
