import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { besideReviews } from "./support/database.ts"
import { addAddress, addressesIn, addressIn, createCustomer, customerIn, someAddress } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Answer } from "./support/requests.ts"
import { newEmail, openScene } from "./support/scene.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, service, startAnother } = await openScene()
const token = await serviceToken()

const create = (key: string, body: object, as = token) =>
  service.send("POST", "/v1/customers", { token: as, body, headers: { "idempotency-key": key } })

const countOf = async (email: string): Promise<number> =>
  (await database.rows("SELECT 1 FROM customers WHERE lower(email) = lower($1)", [email])).length

/** What a replay has to be the same in. */
const shown = ({ headers, status, text }: Answer) => ({
  status,
  text,
  type: headers.get("content-type"),
  location: headers.get("location"),
  etag: headers.get("etag")
})

describe("the same key and body", () => {
  test("creates one customer and is answered the same", async () => {
    const [key, body] = [
      randomUUID(),
      { email: newEmail(), password: "a good password", profile: { firstName: "Jane" } }
    ]
    const first = await create(key, body)
    const { id } = customerIn(first)
    expect(first.headers.get("location")).toBe(`/v1/customers/${id}`)
    expect(first.headers.get("idempotent-replayed")).toBeNull()
    await service.send("PUT", `/v1/customers/${id}`, { token, body: { profile: { firstName: "Joan" } } })
    const again = await create(key, body)
    expect(shown(again)).toEqual(shown(first))
    expect(again.headers.get("idempotent-replayed")).toBe("true")
    expect(await countOf(body.email)).toBe(1)
    const events = await database.rows(
      `SELECT topic FROM outbox_events WHERE customer_id = $1 AND ${besideReviews} ORDER BY id`,
      [id]
    )
    expect(events.map(({ topic }) => topic)).toEqual(["customers.customer.created", "customers.profile.updated"])
  })

  test("adds one address and is answered the same, whatever has become of it", async () => {
    const customer = await createCustomer(service)
    const parts = { token: customer.token, body: someAddress, headers: { "idempotency-key": randomUUID() } }
    const first = await service.send("POST", `${customer.path}/addresses`, parts)
    expect(first.headers.get("location")).toBe(`${customer.path}/addresses/${addressIn(first).id}`)
    expect(shown(await service.send("POST", `${customer.path}/addresses`, parts))).toEqual(shown(first))
    await service.send("DELETE", `${customer.path}/addresses/${addressIn(first).id}`, { token })
    expect(shown(await service.send("POST", `${customer.path}/addresses`, parts))).toEqual(shown(first))
    expect(addressesIn(await service.send("GET", `${customer.path}/addresses`, { token }))).toEqual([])
  })

  test("is known by another spelling of the path", async () => {
    const customer = await createCustomer(service)
    const parts = { token, body: someAddress, headers: { "idempotency-key": randomUUID() } }
    const first = await service.send("POST", `${customer.path}/addresses`, parts)
    const spellings = [`/v1/customers/${customer.id.toUpperCase()}/addresses`, `${customer.path}/addresses/?`]
    for (const path of spellings) expect(shown(await service.send("POST", path, parts))).toEqual(shown(first))
  })

  test("is remembered by every process", async () => {
    const [key, body] = [randomUUID(), { email: newEmail() }]
    const first = await create(key, body)
    const sibling = await startAnother()
    const parts = { token, body, headers: { "idempotency-key": key } }
    expect(shown(await sibling.send("POST", "/v1/customers", parts))).toEqual(shown(first))
  })
})

describe("twenty at once under one key", () => {
  test("create one customer and are all told the same", async () => {
    const [key, body] = [randomUUID(), { email: newEmail(), password: "a good password" }]
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(key, body)))
    expect(new Set(answers.map((answer) => JSON.stringify(shown(answer)))).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    expect(answers.filter(({ headers }) => headers.get("idempotent-replayed") === null)).toHaveLength(1)
    expect(await countOf(body.email)).toBe(1)
  })

  test("add one address, also where it takes the last place", async () => {
    const customer = await createCustomer(service)
    for (let count = 0; count < 9; count += 1) await addAddress(service, customer)
    const parts = { token: customer.token, body: someAddress, headers: { "idempotency-key": randomUUID() } }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.send("POST", `${customer.path}/addresses`, parts))
    )
    expect(new Set(answers.map((answer) => JSON.stringify(shown(answer)))).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    expect(addressesIn(await service.send("GET", `${customer.path}/addresses`, { token }))).toHaveLength(10)
  })
})

test("another body under the same key is refused, and changes nothing", async () => {
  const key = randomUUID()
  const email = newEmail()
  await create(key, { email })
  const before = await database.contents()
  for (const body of [
    { email: newEmail() },
    { email, profile: { firstName: "Eve" } },
    { email, password: "a good password" }
  ]) {
    expect(refusalIn(await create(key, body))).toEqual(refusal(422, "IDEMPOTENCY_KEY_REUSED"))
  }
  expect(await database.contents()).toEqual(before)
})

test("a key belongs to its actor and its path", async () => {
  const key = randomUUID()
  const [mine, theirs, staffs] = [{ email: newEmail() }, { email: newEmail() }, { email: newEmail() }]
  const first = customerIn(await create(key, mine))
  const second = customerIn(await create(key, theirs, await serviceToken()))
  const third = customerIn(await create(key, staffs, await staffToken()))
  expect(new Set([first.id, second.id, third.id]).size).toBe(3)
  const parts = { token, body: someAddress, headers: { "idempotency-key": key } }
  const places = [first, second].map(({ id }) => `/v1/customers/${id}/addresses`)
  const added = await Promise.all(places.map((path) => service.send("POST", path, parts)))
  expect(added.map(({ status }) => status)).toEqual([201, 201])
  expect(added[0] && addressIn(added[0]).id).not.toBe(added[1] && addressIn(added[1]).id)
})

test("a query behind the path makes it no other path", async () => {
  const [key, body] = [randomUUID(), { email: newEmail() }]
  const first = await create(key, body)
  const parts = { token, body, headers: { "idempotency-key": key } }
  const again = await service.send("POST", "/v1/customers?again=1", parts)
  if (again.status !== 400) expect(shown(again)).toEqual(shown(first))
})

test("a try that failed can be repeated under its key", async () => {
  const key = randomUUID()
  const email = newEmail()
  const other = await createCustomer(service, { email })
  expect(refusalIn(await create(key, { email: "nobody" }))).toEqual(refusal(400, "INVALID_EMAIL_FORMAT", "email"))
  expect(refusalIn(await create(key, { email }))).toEqual(refusal(409, "EMAIL_ALREADY_EXISTS", "email"))
  expect(refusalIn(await create(key, { email }))).toEqual(refusal(409, "EMAIL_ALREADY_EXISTS", "email"))
  await database.rows("UPDATE customers SET email = $1 WHERE id = $2", [newEmail(), other.id])
  expect((await create(key, { email })).status).toBe(201)
})

test("a key that is over a day old is free again", async () => {
  const key = randomUUID()
  await create(key, { email: newEmail() })
  await database.rows("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'")
  expect((await create(key, { email: newEmail() })).status).toBe(201)
})

test("PUT and DELETE take no notice of keys", async () => {
  const customer = await createCustomer(service)
  const headers = { "idempotency-key": randomUUID() }
  const change = (firstName: string) =>
    service.send("PUT", customer.path, { token, headers, body: { profile: { firstName } } })
  expect(customerIn(await change("Jane")).profile).toEqual({ firstName: "Jane" })
  expect(customerIn(await change("Joan")).profile).toEqual({ firstName: "Joan" })
  expect((await service.send("DELETE", customer.path, { token, headers })).status).toBe(200)
})

test.for(["", "with space", "x".repeat(256), "ü"])("the key %j is refused", async (key) => {
  const answer = await create(key, { email: newEmail() })
  expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "idempotency-key"))
})

test("what is kept about a key neither shows the key nor the body of the request", async () => {
  const [key, password] = [`key-${randomUUID()}`, `pass-${randomUUID()}`]
  await create(key, { email: newEmail(), password })
  const kept = JSON.stringify(await database.rows("SELECT * FROM idempotency_keys"))
  expect(kept).not.toContain(key)
  expect(kept).not.toContain(password)
})
