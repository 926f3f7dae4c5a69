import { type CustomerId, PersonalDataStore } from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { Array, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { everything } from "./support/beside.ts"
import { postgres } from "./support/database.ts"
import { audit, beginErasure, finish, keep, type Known, known, post } from "./support/people.ts"
import { dump } from "./support/tables.ts"

const phone = "+49 30 901820555"

const erased = Effect.gen(function* () {
  const store = yield* PersonalDataStore
  const person = yield* known(phone)
  yield* beginErasure(person.id)
  yield* store.erase(person.id)
  return person
})

const leftOf = (id: CustomerId) => Effect.flatMap(PersonalDataStore, (store) => store.remainders(id))

/** How often she is found in a segment's description while it says this. */
const findsIn = Effect.fnUntraced(function* ({ id }: Known, description: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`DELETE FROM customer_segments`
  yield* sql`INSERT INTO customer_segments (name, description, rules) VALUES ('x', ${description}, '{}')`
  const left = yield* leftOf(id)
  yield* sql`DELETE FROM customer_segments`
  return left.map(({ count, place }) => `${place}: ${count}`)
})

const mentioning = ({ email, word }: Known): ReadonlyArray<string> => [
  email,
  email.toUpperCase(),
  `She (<${email}>) says so.`,
  `mailto:${email}, to=${email}`,
  `to=${email}`,
  `a;b@c.de,'${email}'.`,
  `..${email}-`,
  `{"field":"email","value":"${email}"}`,
  phone,
  "+493090182 0555",
  "call 0049 (30) 901/820-555!",
  "030 901820555",
  "12 030 90182.0555 13",
  "tel4930901820555",
  `${"1 ".repeat(40)}${phone}${" 2".repeat(40)}`,
  `${word}@example.com${"x".repeat(20_000)} ${email}`
]

const notMentioning = ({ email, word }: Known): ReadonlyArray<string> => [
  "",
  `x${email}`,
  `jane.${email}`,
  `${email}.org`,
  `${word}@example.org`,
  `${word} at example.com`,
  "4930901820556",
  "930901820555",
  "49309018205551",
  "90182 0555 49 30"
]

layer(Layer.provideMerge(everything, postgres))("the look for what is left", (it) => {
  it.effect("finds her address and phone in text that belongs to nobody, however they are written", () =>
    Effect.gen(function* () {
      const person = yield* erased
      for (const text of mentioning(person)) {
        assert.deepStrictEqual(yield* findsIn(person, text), ["customer_segments.description: 1"], text.slice(0, 80))
      }
    })
  )

  it.effect("takes nothing else for them", () =>
    Effect.gen(function* () {
      const person = yield* erased
      for (const text of notMentioning(person)) assert.deepStrictEqual(yield* findsIn(person, text), [], text)
    })
  )

  it.effect("finds them in JSON, and names every place", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { email, id } = yield* erased
      const rules = JSON.stringify({ any: [{ field: "email", op: "eq", value: email.toUpperCase() }] })
      yield* sql`INSERT INTO customer_segments (name, rules) VALUES (${`about ${phone}`}, ${rules}::text::jsonb)`
      yield* post(email)
      assert.deepStrictEqual(yield* leftOf(id), [
        { store: "database", place: "mail_queue", count: 1 },
        { store: "database", place: "customer_segments.name", count: 1 },
        { store: "database", place: "customer_segments.rules", count: 1 }
      ])
      yield* sql`DELETE FROM customer_segments`
      yield* sql`DELETE FROM mail_queue`
    })
  )

  it.effect("leaves what stands in others' rows to them", () =>
    Effect.gen(function* () {
      const [other, person] = [yield* known("+49 30 901820777"), yield* erased]
      yield* keep(other.id, {
        audits: [audit(`the same as ${person.email}, ${phone}`)],
        mails: [{ kind: "confirm_email_change", recipient: person.email, customerId: other.id }]
      })
      assert.deepStrictEqual(yield* leftOf(person.id), [])
    })
  )

  it.effect("finds what comes back into her own rows", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { email, id } = yield* erased
      yield* sql`UPDATE customers SET first_name = 'Zoë' WHERE id = ${id}`
      yield* sql`UPDATE customer_profiles SET metadata = '{"group": 3}' WHERE customer_id = ${id}`
      yield* sql`UPDATE customer_audits SET actor = ${email} WHERE customer_id = ${id}`
      yield* sql`
        INSERT INTO customer_addresses (customer_id, address_line_1, city, country_code)
        VALUES (${id}, 'Main St', 'X', 'US')`
      yield* sql`UPDATE outbox_events SET envelope = envelope || '{"x": 1}' WHERE customer_id = ${id}`
      const places = (yield* leftOf(id)).map(({ place }) => place)
      assert.deepStrictEqual(places, [
        "outbox_events.envelope",
        "customer_addresses",
        "customer_profiles.metadata",
        "customers.first_name"
      ])
    })
  )

  it.effect("goes by keyed hashes, which are gone once the erasure is done", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [one, other] = [yield* erased, yield* erased]
      const needlesOf = (id: CustomerId) =>
        Effect.map(
          sql<{ needles: ReadonlyArray<string> | null }>`
            SELECT needles FROM erasure_requests WHERE customer_id = ${id}`,
          ([row]) => row?.needles
        )
      const [ones, others] = [yield* needlesOf(one.id), yield* needlesOf(other.id)]
      for (const needles of [ones, others]) {
        assert.lengthOf(needles ?? [], 3)
        for (const needle of needles ?? []) assert.match(needle, /^[0-9a-f]{64}$/)
      }
      // One phone, and two customers: their hashes tell nobody that it is the same.
      assert.lengthOf(Array.intersection(ones ?? [], others ?? []), 0)
      yield* finish(one.id)
      assert.isNull(yield* needlesOf(one.id))
      assert.notInclude(JSON.stringify(yield* dump), one.word)
    })
  )

  it.effect("knows the address that she had before, unless somebody else has it by now", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const sql = yield* SqlClient.SqlClient
      const [mover, giver, heir] = [yield* known(phone), yield* known(phone), yield* known("+49 30 901820777")]
      yield* sql`UPDATE customers SET email = 'present.' || email WHERE id IN (${mover.id}, ${giver.id})`
      yield* sql`UPDATE customers SET email = ${giver.email.toUpperCase()} WHERE id = ${heir.id}`
      for (const { email } of [mover, giver]) yield* post(email)
      for (const { id } of [mover, giver]) {
        yield* beginErasure(id)
        yield* store.erase(id)
      }
      const waiting = yield* sql<{ recipient: string }>`SELECT recipient FROM mail_queue WHERE customer_id IS NULL`
      assert.deepStrictEqual(waiting, [{ recipient: giver.email }])
      assert.deepStrictEqual(yield* leftOf(giver.id), [])
    })
  )

  it.effect("overwrites whoever asked or acted only where it was she", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const sql = yield* SqlClient.SqlClient
      const person = yield* known(phone)
      const acted = (actor: string) => ({ ...audit("said so"), actorKind: "staff", actor }) as const
      yield* keep(person.id, { audits: [acted("ada@shop.example"), acted(person.email.toUpperCase())] })
      yield* beginErasure(person.id, person.email)
      yield* store.erase(person.id)
      const audits = yield* sql<{ actor: string }>`
        SELECT actor FROM customer_audits WHERE customer_id = ${person.id} ORDER BY id`
      assert.deepStrictEqual(
        audits.map(({ actor }) => actor),
        ["ada@shop.example", "erased"]
      )
      const requests = yield* sql`SELECT requested_by AS by FROM erasure_requests WHERE customer_id = ${person.id}`
      assert.deepStrictEqual(requests, [{ by: "erased" }])
    })
  )
})
