import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { besideReviews } from "./support/database.ts"
import { logIn, loggedOut, newPerson, type Person, statusesOf, tryLogIn } from "./support/accounts.ts"
import { createCustomer, customerIn } from "./support/customers.ts"
import { openIdentityScene } from "./support/identityScene.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { newEmail } from "./support/scene.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"

const { database, mails, service } = await openIdentityScene()

const support = `support-${randomUUID()}`
const staff = await staffToken(support)

type Decision = "suspend" | "reactivate"

const decide = (
  { path }: Pick<Person, "path">,
  decision: Decision,
  headers: Readonly<Record<string, string>> = {},
  reason = "chargeback 4711"
) => service.send("POST", `${path}/${decision}`, { token: staff, body: { reason }, headers })

const auditsOf = ({ id }: Pick<Person, "id">) =>
  database.rows(
    `SELECT action, actor_kind, actor, reason, correlation_id FROM customer_audits
     WHERE customer_id = $1 AND action IN ('suspended', 'reactivated') ORDER BY id`,
    [id]
  )

test("a suspension ends all sessions and keeps her out; whoever reactivates her lets her in again", async () => {
  const person = await newPerson(service, mails)
  const grants = [await logIn(service, person), await logIn(service, person)]
  const suspended = customerIn(await decide(person, "suspend"))
  expect(suspended.status).toBe("suspended")
  for (const grant of grants) expect(await statusesOf(service, grant)).toEqual(loggedOut)
  expect(refusalIn(await tryLogIn(service, person))).toEqual(refusal(403, "ACCOUNT_SUSPENDED"))
  const active = customerIn(await decide(person, "reactivate"))
  expect(active).toMatchObject({ status: "active", version: suspended.version + 1 })
  for (const grant of grants) expect(await statusesOf(service, grant)).toEqual(loggedOut)
  await logIn(service, person)
})

test("both are audited: who, why, and in which request", async () => {
  const person = await newPerson(service, mails)
  await decide(person, "suspend", { "x-correlation-id": "corr-suspend" }, "chargeback 4711")
  await decide(person, "reactivate", { "x-correlation-id": "corr-reactivate" }, "paid")
  const by = { actor_kind: "staff", actor: support }
  expect(await auditsOf(person)).toEqual([
    { action: "suspended", ...by, reason: "chargeback 4711", correlation_id: "corr-suspend" },
    { action: "reactivated", ...by, reason: "paid", correlation_id: "corr-reactivate" }
  ])
})

test("a reactivation tells the other services", async () => {
  const person = await newPerson(service, mails)
  await decide(person, "suspend")
  const { version } = customerIn(await decide(person, "reactivate"))
  const events = await database.rows(
    `SELECT topic, envelope FROM outbox_events WHERE customer_id = $1 AND ${besideReviews} ORDER BY id`,
    [person.id]
  )
  const [event] = events.slice(-1)
  expect(event).toMatchObject({
    topic: "customers.customer.reactivated",
    envelope: { data: { customerId: person.id, version, status: "active" } }
  })
})

test("customers and services may do neither", async () => {
  const person = await newPerson(service, mails)
  const { accessToken } = await logIn(service, person)
  for (const token of [accessToken, await customerToken(person.id), await serviceToken()]) {
    for (const decision of ["suspend", "reactivate"]) {
      const answer = await service.send("POST", `${person.path}/${decision}`, { token, body: { reason: "x" } })
      expect(refusalIn(answer)).toEqual(refusal(403, "FORBIDDEN"))
    }
  }
  expect(await auditsOf(person)).toEqual([])
  expect((await service.send("POST", `${person.path}/suspend`, { body: { reason: "x" } })).status).toBe(401)
})

test("a reason is needed", async () => {
  const person = await newPerson(service, mails)
  for (const body of [{}, { reason: "" }, { reason: "  " }, { reason: "x".repeat(501) }, { reason: 7 }]) {
    const answer = await service.send("POST", `${person.path}/suspend`, { token: staff, body })
    expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "reason"))
  }
})

test("one who is suspended already stays so, and one who is not cannot be reactivated", async () => {
  const person = await newPerson(service, mails)
  expect(refusalIn(await decide(person, "reactivate"))).toEqual(refusal(409, "STATUS_CONFLICT"))
  const first = customerIn(await decide(person, "suspend"))
  expect(customerIn(await decide(person, "suspend"))).toEqual(first)
  expect(await auditsOf(person)).toHaveLength(1)
})

test("the same Idempotency-Key decides once, and replays the answer", async () => {
  const person = await newPerson(service, mails)
  const headers = { "idempotency-key": randomUUID() }
  const first = await decide(person, "suspend", headers)
  await decide(person, "reactivate")
  const again = await decide(person, "suspend", headers)
  expect([again.status, again.text]).toEqual([first.status, first.text])
  const seen = customerIn(await service.send("GET", person.path, { token: staff }))
  expect(seen.status).toBe("active")
  const other = await decide(person, "suspend", headers, "another reason")
  expect(refusalIn(other)).toEqual(refusal(422, "IDEMPOTENCY_KEY_REUSED"))
})

test("a decision on another version than the present one is refused with If-Match", async () => {
  const person = await newPerson(service, mails)
  const { version } = customerIn(await service.send("GET", person.path, { token: staff }))
  expect((await decide(person, "suspend", { "if-match": `"${version + 1}"` })).status).toBe(412)
  expect((await decide(person, "suspend", { "if-match": `"${version}"` })).status).toBe(200)
})

test("a suspended customer is still found by those who may see her", async () => {
  const person = await newPerson(service, mails)
  await decide(person, "suspend")
  const seen = await service.send("GET", person.path, { token: await serviceToken() })
  expect(customerIn(seen)).toMatchObject({ id: person.id, status: "suspended" })
})

test("a closed account is opened by a reactivation, which cancels the planned erasure", async () => {
  const person = await newPerson(service, mails)
  await service.send("DELETE", person.path, { token: staff })
  const planned = await service.send("GET", `${person.path}/erasure`, { token: staff })
  expect(planned.body).toMatchObject({ data: { erasure: { state: "planned" } } })
  expect(customerIn(await decide(person, "reactivate")).status).toBe("active")
  const cancelled = await service.send("GET", `${person.path}/erasure`, { token: staff })
  expect(cancelled.body).toMatchObject({ data: { erasure: { state: "cancelled" } } })
  await logIn(service, person)
})

test("one whose address was never verified is pending again, not active", async () => {
  const customer = await createCustomer(service, { email: newEmail() })
  await decide(customer, "suspend")
  expect(customerIn(await decide(customer, "reactivate")).status).toBe("pending")
})
