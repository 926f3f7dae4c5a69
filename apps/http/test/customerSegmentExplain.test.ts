import { describe, expect, test } from "vitest"
import { createCustomer, type Known } from "./support/customers.ts"
import { membershipsOf, namesOf, newName, segmentsOf } from "./support/customerSegments.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { service } = await openScene()
const [client, staff] = [await serviceToken(), await staffToken("staff-who-explain")]
const segments = segmentsOf(service, staff)
const reason = "agreed with the key account team"

interface ExplanationView {
  readonly member: boolean
  readonly because: string
  readonly summary: string
  readonly segment: { readonly name: string; readonly ruleVersion: number; readonly ruleText: string }
  readonly exception?: Readonly<Record<string, unknown>>
  readonly rule: {
    readonly verdict: boolean
    readonly summary: string
    readonly change?: { readonly set: ReadonlyArray<{ readonly field: string; readonly to: unknown }> }
    readonly tree: { readonly kind: string; readonly verdict: boolean; readonly parts: ReadonlyArray<unknown> }
  }
}

const explain = async ({ path }: Pick<Known, "path">, segment: string, token = client): Promise<ExplanationView> => {
  const { body, status, text } = await service.send("GET", `${path}/segments/${segment}/explain`, { token })
  expect(status, text).toBe(200)
  return (body as { data: { explanation: ExplanationView } }).data.explanation
}

await segments.settledBy({
  novices: 'preferences.language = "ny" and orders.count < 1',
  ethiopians: 'preferences.language = "om" or preferences.currency = "ETB"',
  spenders: "orders.total >= 1",
  persons: 'type = "individual"',
  strangers: 'not segment("ethiopians")'
})

/** A change of preferences by their names on the wire, as a body. */
const bodyOf = (set: ReadonlyArray<{ readonly field: string; readonly to: unknown }>): unknown =>
  Object.fromEntries(
    set.map(({ field, to }) => {
      const [block = "", key = ""] = field.split(".")
      return [block, { [key]: to }]
    })
  )

describe("an explanation", () => {
  test("says clause by clause what is asked, what there is, and what would change it", async () => {
    const { id, name } = await segments.read("novices")
    const jane = await createCustomer(service)
    const explanation = await explain(jane, name)
    expect(explanation).toMatchObject({
      customerId: jane.id,
      segment: { id, name, ruleVersion: 1, ruleText: 'preferences.language = "ny" and orders.count < 1' },
      member: false,
      because: "rule",
      asOf: expect.stringMatching(/Z$/),
      rule: {
        verdict: false,
        change: { set: [{ field: "preferences.language", to: "ny" }] },
        tree: {
          kind: "all",
          verdict: false,
          parts: [
            { kind: "clause", field: "preferences.language", op: "eq", required: "ny", actual: ["en"], verdict: false },
            { kind: "clause", field: "orders.count", op: "lt", required: 1, actual: [0], verdict: true }
          ]
        }
      }
    })
    expect(explanation.summary).toMatch(/^She does not meet the rule: .+ What would change it: .+\.$/)
  })

  test("names a change that changes it", async () => {
    const name = "ethiopians"
    const jane = await createCustomer(service)
    const before = await explain(jane, name)
    expect(before.member).toBe(false)
    const body = bodyOf(before.rule.change?.set ?? [])
    expect((await service.send("PUT", jane.path, { token: jane.token, body })).status).toBe(200)
    const after = await explain(jane, name)
    expect(after).toMatchObject({ member: true, because: "rule", rule: { verdict: true } })
    expect(namesOf(await membershipsOf(service, jane, client))).toContain(name)
  })

  test("by the segment's id is the same", async () => {
    const { id, name } = await segments.read("spenders")
    const jane = await createCustomer(service)
    const [byId, byName] = [await explain(jane, id), await explain(jane, name)]
    expect([byId.segment, byId.member, byId.because]).toEqual([byName.segment, byName.member, byName.because])
  })

  test("says that a colleague decided, and what was noted", async () => {
    const name = "spenders"
    const jane = await createCustomer(service)
    await segments.decide(jane, name, { member: true, reason })
    for (const token of [client, staff]) {
      expect(await explain(jane, name, token)).toMatchObject({
        member: true,
        because: "exception",
        exception: { member: true, reason, by: "staff-who-explain" },
        rule: { verdict: false }
      })
    }
    await segments.decide(jane, name, { member: false, reason })
    expect(await explain(jane, name)).toMatchObject({ member: false, because: "exception" })
  })

  test("says that her account is closed, to staff", async () => {
    const name = "persons"
    const jane = await createCustomer(service)
    await service.send("DELETE", jane.path, { token: jane.token })
    expect(await explain(jane, name, staff)).toMatchObject({ member: false, because: "account_closed" })
  })

  test("says that the segment is switched off", async () => {
    const name = "persons"
    const jane = await createCustomer(service)
    expect((await explain(jane, name)).member).toBe(true)
    await segments.change(name, { isActive: false })
    await segments.settled(name)
    expect(await explain(jane, name)).toMatchObject({ member: false, because: "switched_off" })
    expect(namesOf(await membershipsOf(service, jane, client))).not.toContain(name)
  })

  test("says by which other segments a rule goes", async () => {
    const jane = await createCustomer(service)
    expect(await explain(jane, "strangers")).toMatchObject({
      member: true,
      rule: { tree: { kind: "not", parts: [{ field: 'segment("ethiopians")', actual: [false], verdict: false }] } }
    })
  })

  test("of a segment that there is not is not found", async () => {
    const jane = await createCustomer(service)
    const answer = await service.send("GET", `${jane.path}/segments/${newName()}/explain`, { token: client })
    expect(refusalIn(answer)).toEqual(refusal(404, "SEGMENT_NOT_FOUND"))
  })
})
