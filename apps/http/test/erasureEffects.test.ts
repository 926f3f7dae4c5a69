import { randomUUID } from "node:crypto"
import { Client } from "pg"
import { expect, onTestFinished, test, vi } from "vitest"
import { logIn, newPassword, post, register, statusesOf, tryLogIn } from "./support/accounts.ts"
import { addAddress, createCustomer, type Known } from "./support/customers.ts"
import { done, erase, erasureIn, erasureOf, requestErasure } from "./support/erasures.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { untilReviewed } from "./support/timelines.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, service, startAnother } = await openScene({
  EMAIL_VERIFICATION_REQUIRED: "false",
  DEFAULT_STATUS: "active",
  TRUSTED_PROXIES: "127.0.0.1/32",
  SMTP_URL: "smtp://127.0.0.1:9",
  EVENT_RELAY: "false"
})
const token = await serviceToken()
const staff = await staffToken()

const create = (email: string, key?: string) =>
  service.send("POST", "/v1/customers", {
    token,
    body: { email, profile: { firstName: "Jane" } },
    headers: key === undefined ? {} : { "idempotency-key": key }
  })

const idsWith = async (email: string) =>
  (await database.rows("SELECT id FROM customers WHERE lower(email) = lower($1)", [email])).map(({ id }) => id)

test("A deactivated customer's email can register again after erasure, and not before", async () => {
  const jane = await createCustomer(service)
  expect((await service.send("DELETE", jane.path, { token: jane.token })).status).toBe(200)
  expect(refusalIn(await create(jane.email))).toEqual(refusal(409, "EMAIL_ALREADY_EXISTS", "email"))
  const again = { email: jane.email.toUpperCase(), password: newPassword() }
  expect((await register(service, again)).status).toBe(202)
  expect(await idsWith(jane.email)).toEqual([jane.id])
  expect(refusalIn(await tryLogIn(service, again))).toEqual(refusal(401, "INVALID_CREDENTIALS"))

  await erase(service, jane)
  expect(await idsWith(jane.email)).toEqual([])
  expect((await register(service, again)).status).toBe(202)
  const ids = await idsWith(jane.email)
  expect(ids).toHaveLength(1)
  expect(ids).not.toContain(jane.id)
  expect((await logIn(service, again)).customerId).toBe(ids[0])
  expect((await erasureOf(service, jane)).state).toBe("done")
})

test("order metrics survive it, and name nobody", async () => {
  const jane = await createCustomer(service)
  await database.rows(
    `UPDATE customer_metrics SET tier = 'premium', segment = 'high_value', loyalty_points = 2500,
       total_spent = 5420.50, order_count = 23, average_order_value = 235.67 WHERE customer_id = $1`,
    [jane.id]
  )
  const metrics = () =>
    database.rows(
      "SELECT to_jsonb(m) - '{updated_at,review_at}'::text[] AS row FROM customer_metrics m WHERE customer_id = $1",
      [jane.id]
    )
  const before = await metrics()
  expect(before).toHaveLength(1)
  await erase(service, jane)
  expect(await metrics()).toEqual(before)
})

test("CustomerErased is in the outbox, and what had not gone out yet is there without her and never will", async () => {
  const jane = await createCustomer(service, { profile: { firstName: "Jane", lastName: `Doe-${randomUUID()}` } })
  await addAddress(service, jane, { street: `Street ${jane.email}` })
  await untilReviewed(database, jane)
  await database.rows(
    "UPDATE outbox_events SET published_at = now() WHERE customer_id = $1 AND topic LIKE '%created'",
    [jane.id]
  )
  const outbox = () =>
    database.rows(
      `SELECT id, event_id, customer_version, topic, envelope, published_at IS NULL AS waits,
         dropped_at IS NOT NULL AS "isDropped"
       FROM outbox_events WHERE customer_id = $1 ORDER BY id`,
      [jane.id]
    )
  const place = ({ customer_version, event_id, id, topic, waits }: Record<string, unknown>) => [
    id,
    event_id,
    topic,
    customer_version,
    waits
  ]
  const before = await outbox()
  expect(before.map(({ topic }) => topic)).toEqual(
    expect.arrayContaining(["customers.addresses.changed", "customers.segment.changed"])
  )
  expect(before.map(({ waits }) => waits)).toEqual(before.map((_, index) => index > 0))
  await erase(service, jane)
  const after = await outbox()
  expect(after.slice(0, -1).map(place)).toEqual(before.map(place))
  expect(after.map(({ isDropped }) => isDropped)).toEqual([...before.map(() => true), false])
  expect(JSON.stringify(after)).not.toMatch(new RegExp(`${jane.email}|Jane|Doe-`, "i"))
  const { customer_version, envelope, topic, waits } = after.at(-1) ?? {}
  expect([topic, waits]).toEqual(["customers.customer.erased", true])
  expect(envelope).toEqual({
    eventId: expect.any(String),
    eventType: "CustomerErased",
    version: "1.0",
    timestamp: expect.any(String),
    source: "customer-service",
    data: { customerId: jane.id, version: customer_version, erasedAt: expect.any(String) },
    metadata: { correlationId: expect.any(String) }
  })
  expect(Number(customer_version)).toBeGreaterThan(Number(before.at(-1)?.["customer_version"]))
})

test("stored answers are gone, so that her key brings nothing back", async () => {
  const [email, key] = [newEmail(), randomUUID()]
  const { body } = await create(email, key)
  const { id } = (body as { data: { customer: { id: string } } }).data.customer
  const kept = () => database.rows("SELECT 1 FROM idempotency_keys WHERE customer_id = $1", [id])
  expect(await kept()).toHaveLength(1)
  await erase(service, { path: `/v1/customers/${id}` })
  expect(await kept()).toEqual([])
  const again = await create(email, key)
  expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, null])
  expect(await idsWith(email)).not.toContain(id)
})

test("every session ends, and her password opens nothing", async () => {
  const credentials = { email: newEmail(), password: newPassword() }
  expect((await register(service, credentials)).status).toBe(202)
  const grants = [await logIn(service, credentials), await logIn(service, credentials)]
  const other = await startAnother()
  await erase(service, { path: `/v1/customers/${grants[0]?.customerId}` })
  for (const grant of grants) {
    expect(await statusesOf(service, grant)).toEqual([401, 401])
    expect(await statusesOf(other, grant)).toEqual([401, 401])
  }
  expect(refusalIn(await tryLogIn(service, credentials))).toEqual(refusal(401, "INVALID_CREDENTIALS"))
  const unknown = await tryLogIn(service, { ...credentials, email: newEmail() })
  expect(refusalIn(unknown)).toEqual(refusal(401, "INVALID_CREDENTIALS"))
})

/** Every row of every table that belongs to a customer, as text. */
const rowsOf = async ({ id }: Known): Promise<ReadonlyArray<unknown>> => {
  const tables = await database.rows(
    `SELECT c.table_name AS name, c.column_name AS owner FROM information_schema.columns c
     WHERE c.table_schema = 'public' AND c.udt_name = 'uuid'
       AND (c.column_name = 'customer_id' OR (c.table_name = 'customers' AND c.column_name = 'id')) ORDER BY 1`
  )
  const rows = await Promise.all(
    tables.map(({ name, owner }) =>
      database.rows(`SELECT '${name}' AS place, t::text AS row FROM ${name} t WHERE ${owner} = $1 ORDER BY 2`, [id])
    )
  )
  return rows.flat()
}

test("another customer's rows are the same byte by byte, also where they mention her", async () => {
  const jane = await createCustomer(service, { profile: { firstName: "Jane", phone: "+1 555 0100 123" } })
  const profile = { firstName: "Jane", phone: "+1 555 0100 123", data: { recommendedBy: jane.email } }
  const john = await createCustomer(service, { profile })
  await addAddress(service, john, { street: `care of ${jane.email}` })
  await post(service, "password/forgot", { email: john.email })
  const token = "SELECT 1 FROM verification_tokens WHERE customer_id = $1"
  await vi.waitUntil(async () => (await database.rows(token, [john.id])).length > 0, { timeout: 10_000 })
  await requestErasure(service, john, "planned", `as ${jane.email} has asked too`)
  const before = await rowsOf(john)
  expect(new Set(before.map((row) => (row as { place: string }).place)).size).toBeGreaterThan(6)
  await erase(service, jane)
  expect(await rowsOf(john)).toEqual(before)
  const seen = await service.send("GET", john.path, { token: john.token })
  expect(seen.text).toContain(jane.email)
})

test("If an erasure of one of two processes is going on the other does nothing", async () => {
  const jane = await createCustomer(service)
  const other = await startAnother()
  const holder = new Client(database.url)
  await holder.connect()
  onTestFinished(() => holder.end())
  // Whoever erases has to take her out of her segments, and cannot for now; nobody else has to.
  await holder.query("BEGIN")
  await holder.query("LOCK TABLE customer_segment_memberships IN SHARE ROW EXCLUSIVE MODE")
  const erasing = requestErasure(service, jane)
  const waiting = "SELECT 1 FROM pg_locks WHERE relation = 'customer_segment_memberships'::regclass AND NOT granted"
  await vi.waitUntil(async () => (await database.rows(waiting)).length > 0)
  for (const when of ["now", "planned"] as const) {
    const answer = await requestErasure(other, jane, when)
    expect([answer.status, erasureIn(answer).state]).toEqual([202, "running"])
  }
  const cancelled = await other.send("DELETE", `${jane.path}/erasure`, { token: staff })
  expect(refusalIn(cancelled)).toEqual(refusal(409, "ERASURE_UNDER_WAY"))
  await holder.query("COMMIT")
  const erasure = done(erasureIn(await erasing))
  expect(await erasureOf(other, jane)).toEqual(erasure)
  const erased = await database.rows(
    "SELECT 1 FROM outbox_events WHERE customer_id = $1 AND topic = 'customers.customer.erased'",
    [jane.id]
  )
  expect(erased).toHaveLength(1)
})

test("ten who erase her at once erase her once", async () => {
  const jane = await createCustomer(service)
  const other = await startAnother()
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, turn) => requestErasure(turn % 2 === 0 ? service : other, jane))
  )
  for (const { status, text } of answers) expect([200, 202], text).toContain(status)
  await vi.waitUntil(async () => (await erasureOf(service, jane)).state === "done", { timeout: 10_000 })
  const erased = await database.rows(
    "SELECT 1 FROM outbox_events WHERE customer_id = $1 AND topic = 'customers.customer.erased'",
    [jane.id]
  )
  expect(erased).toHaveLength(1)
})
