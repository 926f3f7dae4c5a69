import { randomUUID } from "node:crypto"
import { describe, expect, test, vi } from "vitest"
import { createCustomer, type Known } from "./support/customers.ts"
import { membershipsIn, membershipsOf, namesOf, newName, patience, segmentsOf } from "./support/customerSegments.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { versionOf } from "./support/segments.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { database, service } = await openScene()
const [client, staff] = [await serviceToken(), await staffToken("staff-of-members")]
const segments = segmentsOf(service, staff)
const reason = "agreed with the key account team"

const speaking = (language: string) => createCustomer(service, { preferences: { language } })
const speak = ({ path, token }: Known, language: string) =>
  service.send("PUT", path, { token, body: { preferences: { language } } })

await segments.settledBy({
  spenders: "orders.total >= 1",
  buyers: "orders.count >= 1",
  bretons: 'preferences.language = "br"'
})

const namesOfHer = async (customer: Known) => namesOf(await membershipsOf(service, customer, client))

const auditsOf = ({ id }: Known) =>
  database.rows("SELECT action, actor_kind, actor, reason FROM customer_audits WHERE customer_id = $1 ORDER BY id", [
    id
  ])

/** The changes of somebody's memberships that her events tell of. */
const toldOf = async ({ id }: Known, segment: string) =>
  (
    await database.rows(
      `SELECT envelope->'data' AS data FROM outbox_events
       WHERE customer_id = $1 AND topic = 'customers.segment.changed' ORDER BY id`,
      [id]
    )
  )
    .map(({ data }) => data as Readonly<Record<string, unknown>>)
    .filter((data) => data["segment"] === segment)

describe("a colleague's word", () => {
  test("puts her in where the rule does not, under another version of hers, told and audited", async () => {
    const { id, name } = await segments.read("spenders")
    const jane = await createCustomer(service)
    const answer = await segments.decide(jane, id, { member: true, reason })
    expect([answer.status, versionOf(answer)]).toEqual([200, 2])
    const exception = { member: true, reason, by: "staff-of-members", at: expect.any(String) }
    const mine = membershipsIn(answer).filter((membership) => membership.id === id)
    expect(mine).toEqual([{ id, name, since: expect.any(String), by: "hand", ruleVersion: 1, exception }])
    expect(await membershipsOf(service, jane, client)).toEqual(membershipsIn(answer))
    expect(await segments.members(name)).toEqual([jane.id])
    expect(await toldOf(jane, name)).toMatchObject([{ version: 2, from: "none", to: "member", reason }])
    const line = { actor_kind: "staff", actor: "staff-of-members", reason }
    expect(await auditsOf(jane)).toEqual([{ ...line, action: "membership_excepted" }])
  })

  test("keeps her out where the rule puts her in, until it is taken back", async () => {
    const name = "bretons"
    const jane = await speaking("br")
    expect(await namesOfHer(jane)).toEqual([name])
    await segments.decide(jane, name, { member: false, reason })
    expect(await namesOfHer(jane)).toEqual([])
    await speak(jane, "en")
    await speak(jane, "br")
    expect(await namesOfHer(jane)).toEqual([])
    const back = await segments.decide(jane, name, { member: null, reason: "it was a mistake" })
    expect(membershipsIn(back).find((membership) => membership.name === name)).toMatchObject({ by: "rule" })
    expect((await auditsOf(jane)).map(({ action }) => action)).toEqual([
      "membership_excepted",
      "membership_exception_ended"
    ])
  })

  test("holds until its time is over, and then the rule decides again", async () => {
    const { name } = await segments.create({ kind: "manual" })
    const jane = await createCustomer(service)
    const expiresAt = new Date(Date.now() + 1500).toISOString()
    const answer = await segments.decide(jane, name, { member: true, reason, expiresAt })
    expect(membershipsIn(answer).find((membership) => membership.name === name)).toMatchObject({
      by: "hand",
      exception: { expiresAt }
    })
    await vi.waitFor(async () => expect(await segments.members(name)).toEqual([]), patience)
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt))
    expect(await namesOfHer(jane)).toEqual([])
    expect(await toldOf(jane, name)).toMatchObject([{ to: "member", reason }, { to: "none" }])
    expect(await auditsOf(jane)).toMatchObject([
      { action: "membership_excepted", actor: "staff-of-members" },
      { action: "membership_exception_ended", actor_kind: "service", actor: "time" }
    ])
  })

  test("outlives another rule", async () => {
    const jane = await createCustomer(service)
    await segments.decide(jane, "buyers", { member: true, reason })
    await segments.change("buyers", { rule: "orders.count >= 100" })
    await segments.settled("buyers")
    expect(await segments.members("buyers")).toEqual([jane.id])
  })

  test("is refused where she has changed meanwhile, with the version she has now", async () => {
    const { name } = await segments.create({ kind: "manual" })
    const jane = await createCustomer(service)
    const word = { member: true, reason }
    const stale = await segments.decide(jane, name, word, { "if-match": '"7"' })
    expect([refusalIn(stale), versionOf(stale)]).toEqual([refusal(412, "VERSION_CONFLICT", "version"), 1])
    expect((await segments.decide(jane, name, word, { "if-match": '"1"' })).status).toBe(200)
    expect(refusalIn(await segments.decide(jane, name, word, { "if-match": '"1"' })).code).toBe("VERSION_CONFLICT")
  })

  test.for([
    ["reason", { member: true }],
    ["reason", { member: true, reason: " " }],
    ["member", { reason }],
    ["member", { member: "yes", reason }],
    ["expiresAt", { member: true, reason, expiresAt: "2024-01-01T00:00:00.000Z" }],
    ["expiresAt", { member: null, reason, expiresAt: "2999-01-01T00:00:00.000Z" }],
    ["expiresAt", { member: true, reason, expiresAt: "soon" }],
    ["until", { member: true, reason, until: "2999-01-01T00:00:00.000Z" }]
  ] as const)("with a %s that makes no sense is refused: %j", async ([path, word]) => {
    const jane = await createCustomer(service)
    const answer = await segments.decide(jane, "vip-customers", word)
    expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", path))
    expect(await auditsOf(jane)).toEqual([])
  })

  test("about nobody, or a segment that there is not, is not found", async () => {
    const jane = await createCustomer(service)
    const word = { member: true, reason }
    const nobody = { path: `/v1/customers/${randomUUID()}` }
    expect(refusalIn(await segments.decide(nobody, "vip-customers", word))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
    expect(refusalIn(await segments.decide(jane, newName(), word))).toEqual(refusal(404, "SEGMENT_NOT_FOUND"))
  })

  test("of twenty colleagues at once is heard from each", async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => segments.create({ kind: "manual" })))
    const jane = await createCustomer(service)
    await Promise.all(made.map(({ name }) => segments.decide(jane, name, { member: true, reason })))
    const names = await namesOfHer(jane)
    expect(names).toEqual(made.map(({ name }) => name).toSorted())
    expect(versionOf(await service.send("GET", jane.path, { token: staff }))).toBe(21)
  })
})
