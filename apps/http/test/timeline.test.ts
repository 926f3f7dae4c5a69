import { randomUUID } from "node:crypto"
import { describe, expect, test, vi } from "vitest"
import { logIn, newPassword } from "./support/accounts.ts"
import { openBusScene, publish } from "./support/busScene.ts"
import { createCustomer, customerIn, type Known, someAddress } from "./support/customers.ts"
import { erase } from "./support/erasures.ts"
import { orderCompleted, topics } from "./support/orders.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { RequestParts } from "./support/requests.ts"
import { newEmail } from "./support/scene.ts"
import { beside, inPages, timelineOf, told, untilReviewed } from "./support/timelines.ts"
import { customerToken, serviceToken, staffToken } from "./support/tokens.ts"

const { bus, database, service } = await openBusScene({
  EMAIL_VERIFICATION_REQUIRED: "false",
  DEFAULT_STATUS: "active",
  TRUSTED_PROXIES: "127.0.0.1/32"
})
const [shop, staff] = [await serviceToken(undefined, "shop"), await staffToken("support-7")]
const reason = "agreed with the key account team"

/** Has something done under a correlation id of its own. */
const does = async (method: string, path: string, correlationId: string, parts: RequestParts) => {
  const answer = await service.send(method, path, { ...parts, headers: { "x-correlation-id": correlationId } })
  expect([200, 201], answer.text).toContain(answer.status)
  return answer
}

const untilTier = ({ path }: Known, tier: string) =>
  vi.waitFor(
    async () => {
      const { segment } = customerIn(await service.send("GET", path, { token: shop }))
      expect(segment.tier).toBe(tier)
    },
    { timeout: 20_000, interval: 50 }
  )

/** Somebody to whom a good deal has happened. */
const wellTravelled = async (): Promise<Known> => {
  const [email, password] = [newEmail(), newPassword()]
  const body = { email, password, profile: { firstName: "Ada" } }
  const { id } = customerIn(await does("POST", "/v1/customers", "corr-came", { token: shop, body }))
  const jane = { id, email, path: `/v1/customers/${id}`, token: await customerToken(id) }
  const profile = { lastName: "Lovelace", data: { "ada.lovelace": "is her name" } }
  await does("PUT", jane.path, "corr-changed", { token: jane.token, body: { profile } })
  await does("POST", `${jane.path}/addresses`, "corr-moved", { token: jane.token, body: someAddress })
  await logIn(service, { email, password })
  const metadata = { correlationId: "corr-ordered" }
  await publish(bus, topics.orders, orderCompleted({ customerId: id, total: 1500, metadata }))
  await untilTier(jane, "premium")
  await does("PUT", `${jane.path}/segment`, "corr-favour", { token: staff, body: { tier: "vip", reason } })
  await untilReviewed(database, jane)
  return jane
}

const jane = await wellTravelled()

describe("a timeline", () => {
  test("tells who did what and when, and what it came of", async () => {
    const { entries: all, page } = await timelineOf(service, jane, staff)
    const entries = beside("membership", all)
    const herself = `by customer ${jane.id}`
    expect(page).toEqual({})
    expect(entries.map(told)).toEqual([
      `6 CustomerSegmentChanged by staff support-7 {"change":"label","from":"high_value","to":"vip","reason":"tier is vip"}`,
      `6 CustomerSegmentChanged by staff support-7 {"change":"tier","from":"premium","to":"vip","reason":"${reason}"}`,
      `6 tier_overridden by staff support-7 {"reason":"${reason}"}`,
      '5 CustomerSegmentChanged by service events {"change":"label","from":"new_customer","to":"high_value","reason":"averageOrderValue 1500.00 >= 200"}',
      '5 CustomerSegmentChanged by service events {"change":"tier","from":"regular","to":"premium","reason":"totalSpent 1500.00 >= 1000"}',
      `4 logged_in ${herself} {}`,
      `3 AddressBookChanged ${herself} {}`,
      `2 CustomerProfileUpdated ${herself} {"changed":["profile.lastName","profile.data"]}`,
      "1 CustomerCreated by service shop {}"
    ])
    const login = expect.stringMatching(/^[0-9a-f-]{36}$/)
    const [favour, order] = [Array.from({ length: 3 }, () => "corr-favour"), ["corr-ordered", "corr-ordered"]]
    const before = ["corr-moved", "corr-changed", "corr-came"]
    expect(entries.map(({ correlationId }) => correlationId)).toEqual([...favour, ...order, login, ...before])
    const times = entries.map(({ at }) => at)
    expect(times).toEqual(times.toSorted().toReversed())
    const published = await database.rows(
      "SELECT event_id FROM outbox_events WHERE customer_id = $1 ORDER BY id DESC",
      [jane.id]
    )
    expect(all.flatMap(({ eventId }) => eventId ?? [])).toEqual(published.map(({ event_id }) => event_id))
    expect(all.every(({ eventId, source }) => (source === "event") === (eventId !== undefined))).toBe(true)
  })

  test("tells which segments she came to belong to, and which clauses of their rules turned", async () => {
    const { entries } = await timelineOf(service, jane, staff)
    const moves = entries.filter(({ details }) => details["change"] === "membership")
    const [favour, came] = ["corr-favour", "corr-came"]
    expect(moves.map(({ correlationId }) => correlationId)).toEqual([favour, favour, came, came, came])
    expect(moves.map(told)).toEqual([
      '6 CustomerSegmentChanged by service system {"change":"membership","segment":"vip-customers","from":"none","to":"member","reason":"tier = \\"vip\\" holds now (vip)","ruleVersion":1}',
      '6 CustomerSegmentChanged by service system {"change":"membership","segment":"regular-customers","from":"member","to":"none","reason":"tier != \\"vip\\" holds no longer (vip)","ruleVersion":1}',
      '1 CustomerSegmentChanged by service system {"change":"membership","segment":"regular-customers","from":"none","to":"member","reason":"type = \\"individual\\" holds; tier != \\"vip\\" holds (regular)","ruleVersion":1}',
      '1 CustomerSegmentChanged by service system {"change":"membership","segment":"new-customers","from":"none","to":"member","reason":"createdAt within 30 days holds","ruleVersion":1}',
      '1 CustomerSegmentChanged by service system {"change":"membership","segment":"all-customers","from":"none","to":"member","reason":"everybody belongs to it","ruleVersion":1}'
    ])
  })

  test("holds nothing of what stands in her fields", async () => {
    const { text } = await service.send("GET", `${jane.path}/timeline`, { token: staff })
    for (const value of [jane.email, "Ada", "Lovelace", "ada.lovelace", someAddress.street, "10001"]) {
      expect(text).not.toContain(value)
    }
  })

  test("is told to her without her colleagues' names and reasons, and with those of the rules", async () => {
    const entries = beside("membership", (await timelineOf(service, jane, jane.token)).entries)
    const herself = `by customer ${jane.id}`
    expect(entries.map(told)).toEqual([
      '6 CustomerSegmentChanged by staff {"change":"label","from":"high_value","to":"vip"}',
      '6 CustomerSegmentChanged by staff {"change":"tier","from":"premium","to":"vip"}',
      "6 tier_overridden by staff {}",
      '5 CustomerSegmentChanged by service {"change":"label","from":"new_customer","to":"high_value","reason":"averageOrderValue 1500.00 >= 200"}',
      '5 CustomerSegmentChanged by service {"change":"tier","from":"regular","to":"premium","reason":"totalSpent 1500.00 >= 1000"}',
      `4 logged_in ${herself} {}`,
      `3 AddressBookChanged ${herself} {}`,
      `2 CustomerProfileUpdated ${herself} {"changed":["profile.lastName","profile.data"]}`,
      "1 CustomerCreated by service {}"
    ])
  })

  test("leaves the events that go out as the specification has them", async () => {
    const rows = await database.rows("SELECT envelope FROM outbox_events WHERE customer_id = $1", [jane.id])
    const keys = ["data", "eventId", "eventType", "metadata", "source", "timestamp", "version"]
    for (const { envelope } of rows) {
      expect(Object.keys(envelope as object).toSorted()).toEqual(keys)
      expect((envelope as { metadata: object }).metadata).toEqual({ correlationId: expect.any(String) })
    }
  })
})

test("a colleague's word on a membership is told with its segment, also where it moves nobody", async () => {
  const mary = await createCustomer(service)
  const expiresAt = "2099-01-01T00:00:00.000Z"
  const keep = { member: true, reason, expiresAt }
  await service.send("PUT", `${mary.path}/segments/all-customers`, { token: staff, body: keep })
  const { entries } = await timelineOf(service, mary, staff)
  expect(entries.find(({ type }) => type === "membership_excepted")).toMatchObject({
    by: { kind: "staff", subject: "support-7" },
    details: { segment: "all-customers", to: "member", reason, until: expiresAt }
  })
})

describe("pages of a timeline", () => {
  test.for([1, 2, 4])("of %i entries show everything once, whatever comes in meanwhile", async (limit) => {
    const { entries } = await timelineOf(service, jane, staff, "?limit=200")
    const rename = () =>
      service.send("PUT", jane.path, { token: jane.token, body: { profile: { firstName: randomUUID() } } })
    const override = () => service.send("PUT", `${jane.path}/segment`, { token: staff, body: { tier: "vip", reason } })
    const meanwhile = () => Promise.all([rename(), override()])
    expect(await inPages(service, jane, staff, limit, meanwhile)).toEqual(entries)
  })

  test.for([
    ["limit", "0"],
    ["limit", "201"],
    ["cursor", ""],
    ["cursor", "abc"],
    ["cursor", "WzEsLTFd"],
    ["cursor", "WzFd"]
  ] as const)("are not to be had by the %s `%s`", async ([name, value]) => {
    const answer = await service.send("GET", `${jane.path}/timeline?${name}=${value}`, { token: staff })
    expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", name))
  })
})

describe("a timeline is not found", () => {
  const notFound = refusal(404, "CUSTOMER_NOT_FOUND")
  const asked = async ({ path }: Pick<Known, "path">, token: string) =>
    refusalIn(await service.send("GET", `${path}/timeline`, { token }))

  test("by another customer", async () => {
    const mary = await createCustomer(service)
    expect(await asked(jane, mary.token)).toEqual(notFound)
    expect(await asked({ path: `/v1/customers/${randomUUID()}` }, mary.token)).toEqual(notFound)
  })

  test("by anybody but staff once the account is closed", async () => {
    const mary = await createCustomer(service)
    await service.send("DELETE", mary.path, { token: mary.token })
    expect(await asked(mary, shop)).toEqual(notFound)
    const { entries } = await timelineOf(service, mary, staff)
    expect(beside("membership", entries).map(({ type }) => type)).toEqual(["CustomerDeactivated", "CustomerCreated"])
  })

  test("by anybody once she is erased, and nothing personal of it is kept", async () => {
    const mary = await createCustomer(service, { profile: { firstName: "Grace", data: { "grace.hopper": "x" } } })
    const body = { tier: "vip", reason: "Grace is a cousin" }
    await does("PUT", `${mary.path}/segment`, "corr-of-grace", { token: staff, body })
    await erase(service, mary)
    for (const token of [shop, staff]) expect(await asked(mary, token)).toEqual(notFound)
    const kept = await database.rows(
      `SELECT to_jsonb(e) AS row FROM outbox_events e WHERE customer_id = $1
       UNION ALL SELECT to_jsonb(a) FROM customer_audits a WHERE customer_id = $1`,
      [mary.id]
    )
    const text = JSON.stringify(kept)
    expect(kept.length).toBeGreaterThan(3)
    for (const value of [mary.email, "Grace", "grace", "cousin", "corr-of-grace", "vip"])
      expect(text).not.toContain(value)
  })
})

test("what nobody asked for is the service's own", async () => {
  const mary = await createCustomer(service)
  const expiresAt = new Date(Date.now() + 700).toISOString()
  await service.send("PUT", `${mary.path}/segment`, { token: staff, body: { tier: "vip", reason, expiresAt } })
  await untilTier(mary, "regular")
  const entries = beside("membership", (await timelineOf(service, mary, mary.token)).entries)
  expect(entries.slice(0, 3).map(told)).toEqual([
    '3 CustomerSegmentChanged by service {"change":"label","from":"vip","to":"new_customer","reason":"registered less than 30 days ago"}',
    '3 CustomerSegmentChanged by service {"change":"tier","from":"vip","to":"regular","reason":"totalSpent 0.00 < 1000"}',
    "3 override_ended by service {}"
  ])
  const [last] = beside("membership", (await timelineOf(service, mary, staff)).entries)
  expect(last?.by).toEqual({ kind: "service", subject: "time" })
})
