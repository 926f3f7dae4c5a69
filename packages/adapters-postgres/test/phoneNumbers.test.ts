import { CustomerDecisions, CustomerRepository } from "@customer-service/core"
import { circumstances, freshAddressId, registration } from "@customer-service/core/testing"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { phoneE164 } from "../src/phoneE164.ts"
import { postgres } from "./support/database.ts"
import { repository } from "./support/repository.ts"

describe("a telephone number in E.164", () => {
  const cases: ReadonlyArray<readonly [string, string | undefined, string | undefined]> = [
    ["+12125550123", undefined, "+12125550123"],
    ["+1 (212) 555-0123", "DE", "+12125550123"],
    ["030 1234567", "DE", "+49301234567"],
    ["(212) 555-0123", "US", "+12125550123"],
    ["+1-555-0123", "US", undefined],
    ["030 1234567", undefined, undefined],
    ["030 1234567", "AQ", undefined],
    // Valid in Germany's plan, and two digits longer than E.164 allows.
    ["100000000000000", "DE", undefined]
  ]

  it.each(cases)("%s in %s is %s", (phone, country, expected) => {
    assert.strictEqual(phoneE164(phone, country), expected)
  })
})

layer(Layer.provideMerge(repository(), postgres))("telephone numbers", (it) => {
  it.effect("are kept as given, with their E.164 form beside them where they are valid", () =>
    Effect.gen(function* () {
      const customers = yield* CustomerRepository.CustomerRepository
      const sql = yield* SqlClient.SqlClient
      const { id } = yield* customers.insert(registration({ profile: { phone: "+1 212 555 0123" } }))
      const flat = { street: "Hauptstraße 1", city: "Berlin", country: "DE", zipCode: "10115", phone: "030 1234567" }
      const found = yield* customers.modify(id, (current) =>
        CustomerDecisions.addAddress(current, flat, freshAddressId(), 10, circumstances())
      )
      assert.strictEqual(found.profile.phone, "+1 212 555 0123")
      assert.strictEqual(found.addresses[0]?.phone, "030 1234567")
      const kept = yield* sql`
        SELECT p.phone_e164 AS profile, a.phone_e164 AS address
        FROM customer_profiles p JOIN customer_addresses a USING (customer_id) WHERE p.customer_id = ${id}`
      assert.deepStrictEqual(kept, [{ profile: "+12125550123", address: "+49301234567" }])

      yield* customers.modify(id, (current) =>
        CustomerDecisions.update(current, { profile: { phone: "+1-555-0123" } }, circumstances())
      )
      const changed = yield* sql`SELECT phone, phone_e164 FROM customer_profiles WHERE customer_id = ${id}`
      assert.deepStrictEqual(changed, [{ phone: "+1-555-0123", phone_e164: null }])
    })
  )
})
