import { randomUUID } from "node:crypto"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { besideReviews } from "./support/database.ts"
import { createCustomer, customerIn, type Known } from "./support/customers.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { segmentOf, versionOf } from "./support/segments.ts"
import { startService } from "./support/service.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"
import { layWire } from "./support/wire.ts"

const { database, redisUrl, service } = await openScene()
const [client, staff] = [await serviceToken(), await staffToken("staff-of-tiers")]

const reason = "agreed with the key account team"
const day = 24 * 3_600_000
const patience = { timeout: 25_000, interval: 100 }

const override = ({ path }: Known, body: object, headers: Readonly<Record<string, string>> = {}, token = staff) =>
  service.send("PUT", `${path}/segment`, { token, body, headers })

const historyOf = async ({ path }: Known, token = staff): Promise<unknown> => {
  const { body } = await service.send("GET", `${path}/segment/history`, { token })
  return (body as { data: { changes: unknown } }).data.changes
}

const auditsOf = ({ id }: Known) =>
  database.rows("SELECT action, actor_kind, actor, reason FROM customer_audits WHERE customer_id = $1 ORDER BY id", [
    id
  ])

/** The segment changes that somebody's events tell of. */
const toldOf = async ({ id }: Known) =>
  (
    await database.rows(
      `SELECT envelope->'data' AS data FROM outbox_events
       WHERE customer_id = $1 AND topic = 'customers.segment.changed'
         AND ${besideReviews} ORDER BY id`,
      [id]
    )
  ).map(({ data }) => data)

const standingOf = async ({ path }: Known) => {
  const answer = await service.send("GET", path, { token: client })
  const { tier, segment } = customerIn(answer).segment
  return [tier, segment, versionOf(answer)]
}

describe("a word on where a customer stands", () => {
  test("is said by staff alone", async () => {
    const jane = await createCustomer(service)
    for (const token of [jane.token, client]) {
      expect(refusalIn(await override(jane, { tier: "vip", reason }, {}, token))).toEqual(refusal(403, "FORBIDDEN"))
    }
    expect((await service.send("PUT", `${jane.path}/segment`, { body: { tier: "vip", reason } })).status).toBe(401)
    expect(await standingOf(jane)).toEqual(["regular", "new_customer", 1])
    expect(await auditsOf(jane)).toEqual([])
  })

  test.for([
    ["gives no reason", { tier: "vip" }, "reason"],
    ["gives an empty reason", { tier: "vip", reason: " " }, "reason"],
    ["says nothing", { reason }, "tier"],
    ["is over already", { tier: "vip", reason, expiresAt: "2024-01-01T00:00:00.000Z" }, "expiresAt"],
    ["names a tier that is none", { tier: "gold", reason }, "tier"],
    ["names a label that is none", { segment: "gold", reason }, "segment"],
    ["says who she is besides", { tier: "vip", reason, customerId: randomUUID() }, "customerId"]
  ] as const)("that %s is refused", async ([, body, path]) => {
    const jane = await createCustomer(service)
    expect(refusalIn(await override(jane, body))).toEqual(refusal(400, "VALIDATION_FAILED", path))
    expect(await standingOf(jane)).toEqual(["regular", "new_customer", 1])
  })

  test("about nobody is not found", async () => {
    const nobody = { ...(await createCustomer(service)), path: `/v1/customers/${randomUUID()}` }
    expect(refusalIn(await override(nobody, { tier: "vip", reason }))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
  })

  test("holds at once, is told with its reason, and leaves its lines in the audit", async () => {
    const jane = await createCustomer(service)
    expect(await standingOf(jane)).toEqual(["regular", "new_customer", 1])
    const answer = await override(jane, { tier: "premium", segment: "wholesale", reason })
    expect([answer.status, versionOf(answer)]).toEqual([200, 2])
    expect(await standingOf(jane)).toEqual(["premium", "wholesale", 2])
    const told = { customerId: jane.id, version: 2, reason }
    expect(await toldOf(jane)).toEqual([
      { ...told, change: "tier", from: "regular", to: "premium" },
      { ...told, change: "label", from: "new_customer", to: "wholesale" }
    ])
    const line = { actor_kind: "staff", actor: "staff-of-tiers", reason }
    expect(await auditsOf(jane)).toEqual([
      { ...line, action: "tier_overridden" },
      { ...line, action: "segment_overridden" }
    ])
  })

  test("is shown to services and staff with its reason, and not to the customer", async () => {
    const jane = await createCustomer(service)
    await override(jane, { tier: "premium", reason })
    const note = { reason, by: "staff-of-tiers", at: expect.any(String) }
    for (const token of [staff, client]) {
      expect((await segmentOf(service, jane, token)).overrides).toEqual({ tier: note })
      expect(await historyOf(jane, token)).toEqual([
        { from: "regular", to: "premium", cause: "override", ...note, achievedAt: expect.any(String) }
      ])
    }
    const shown = await service.send("GET", `${jane.path}/segment`, { token: jane.token })
    expect([shown.status, shown.text.includes("overrides"), shown.text.includes(reason)]).toEqual([200, false, false])
    const change = { from: "regular", to: "premium", cause: "override", reason: "set by the shop" }
    expect(await historyOf(jane, jane.token)).toEqual([
      { ...change, achievedAt: expect.any(String), at: expect.any(String) }
    ])
  })

  test("holds until it is taken back, and the rules say who she is again", async () => {
    const jane = await createCustomer(service)
    await override(jane, { tier: "vip", reason })
    expect(await standingOf(jane)).toEqual(["vip", "vip", 2])
    await override(jane, { tier: null, reason: "it was a mistake" })
    expect(await standingOf(jane)).toEqual(["regular", "new_customer", 3])
    expect((await segmentOf(service, jane, staff)).overrides).toBeUndefined()
    expect(await historyOf(jane)).toMatchObject([
      { from: "vip", to: "regular", cause: "override_ended", reason: "it was a mistake", by: "staff-of-tiers" },
      { from: "regular", to: "vip", cause: "override", reason }
    ])
    expect((await auditsOf(jane)).map(({ action }) => action)).toEqual(["tier_overridden", "override_ended"])
  })

  test("is refused where she has changed meanwhile, with the version she has now", async () => {
    const jane = await createCustomer(service)
    const body = { tier: "vip", reason }
    const stale = await override(jane, body, { "if-match": '"7"' })
    const conflict = refusal(412, "VERSION_CONFLICT", "version")
    expect([refusalIn(stale), versionOf(stale)]).toEqual([conflict, 1])
    expect((await override(jane, body, { "if-match": '"1"' })).status).toBe(200)
    expect(refusalIn(await override(jane, body, { "if-match": '"1"' }))).toEqual(conflict)
  })

  test("that cannot be written fails after a few tries, and can be said again", async () => {
    const wire = await layWire(database.url)
    const cutOff = await startService({ DATABASE_URL: wire.url, REDIS_URL: redisUrl })
    onTestFinished(cutOff.stop)
    const jane = await createCustomer(cutOff)
    const say = () => cutOff.send("PUT", `${jane.path}/segment`, { token: staff, body: { tier: "vip", reason } })
    await wire.cut()
    expect(refusalIn(await say())).toEqual(refusal(500, "SEGMENT_UPDATE_FAILED"))
    await wire.mend()
    await vi.waitFor(async () => expect((await say()).status).toBe(200), patience)
    expect(await standingOf(jane)).toEqual(["vip", "vip", 2])
  })
})

describe("time alone", () => {
  test("ends an override when its time is over", async () => {
    const jane = await createCustomer(service)
    const expiresAt = new Date(Date.now() + 1500).toISOString()
    await override(jane, { tier: "vip", reason, expiresAt })
    expect((await segmentOf(service, jane, staff)).overrides).toMatchObject({ tier: { expiresAt } })
    await vi.waitFor(async () => expect(await standingOf(jane)).toEqual(["regular", "new_customer", 3]), patience)
    const notBefore = expect.toSatisfy((at: string) => at >= expiresAt)
    expect(await historyOf(jane)).toMatchObject([
      { from: "vip", to: "regular", cause: "override_ended", reason: "totalSpent 0.00 < 1000", at: notBefore },
      { from: "regular", to: "vip", cause: "override", reason }
    ])
    expect(await auditsOf(jane)).toMatchObject([
      { action: "tier_overridden", actor: "staff-of-tiers" },
      { action: "override_ended", actor_kind: "service", actor: "time" }
    ])
  })

  test("makes nobody new for longer than her days", async () => {
    const [jane, mary] = [await createCustomer(service), await createCustomer(service)]
    const back = (table: string, column: string, key: string) =>
      database.rows(`UPDATE ${table} SET ${column} = ${column} - $2 * interval '1 ms' WHERE ${key} = $1`, [
        jane.id,
        30 * day
      ])
    await back("customers", "created_at", "id")
    await back("customer_metrics", "review_at", "customer_id")
    await vi.waitFor(async () => expect(await standingOf(jane)).toEqual(["regular", "regular", 2]), patience)
    expect(await standingOf(mary)).toEqual(["regular", "new_customer", 1])
    expect(await toldOf(jane)).toMatchObject([{ change: "label", from: "new_customer", to: "regular" }])
    expect(await historyOf(jane)).toEqual([])
  })
})
