import { describe, expect, test } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { newName, segmentsIn, segmentsOf } from "./support/customerSegments.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { staffToken } from "./support/tokens.ts"

const { service } = await openScene()
const staff = await staffToken("staff-of-segments")
const segments = segmentsOf(service, staff)

const vips = 'tier = "vip"'

describe("a rule that makes no sense", () => {
  const places: ReadonlyArray<readonly [rule: unknown, path: string]> = [
    [{ field: "tier", op: "eq" }, "rule.value"],
    [{ field: "tier", op: "lt", value: "vip" }, "rule.op"],
    [{ field: "passwordHash", op: "eq", value: "x" }, "rule.field"],
    [{ all: [{ field: "orders.count", op: "gte", value: "many" }] }, "rule.all.0.value"],
    [{ any: [{ field: "tier", op: "in", value: ["vip", 5] }] }, "rule.any.0.value.1"],
    [{ not: { not: { field: "createdAt", op: "withinLast", value: 0 } } }, "rule.not.not.value"],
    [{ all: [], any: [] }, "rule"],
    [{}, "rule.field"]
  ]

  test.for(places)("is refused with its place: %j", async ([rule, path]) => {
    const requests = [
      segments.send("POST", "", { name: newName(), rule }),
      segments.send("POST", "/preview", { rule }),
      segments.change("vip-customers", { rule })
    ]
    for (const answer of await Promise.all(requests)) {
      expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", path))
    }
  })

  test.for(['tier = "vip" and orders.count', 'tier ~ "vip"', "tier = vip", "", "and", '(tier = "vip"', 'tier = "vip'])(
    "is refused with the column: %s",
    async (rule) => {
      const answer = await segments.send("POST", "/preview", { rule })
      expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "rule"))
      expect(answer.body).toMatchObject({ error: { details: [{ message: expect.stringMatching(/^column \d+: /) }] } })
    }
  )

  test("is one that asks for its own segment by way of others", async () => {
    const [first, second] = [newName(), newName()]
    await segments.create({ name: first, rule: vips })
    await segments.create({ name: second, rule: `segment("${first}")` })
    const answer = await segments.change(first, { rule: `segment("${second}")` })
    expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", "rule"))
    expect(await segments.read(first)).toMatchObject({ version: 1, ruleText: vips })
  })
})

describe("a preview", () => {
  test("counts whom the rule fits and shows some of them, and stores nothing", async () => {
    const language = "cy"
    const people = []
    for (let count = 0; count < 12; count += 1)
      people.push(await createCustomer(service, { preferences: { language } }))
    const closed = await createCustomer(service, { preferences: { language } })
    await service.send("DELETE", closed.path, { token: staff })
    const before = segmentsIn(await segments.send("GET", "")).map(({ name, version }) => [name, version])
    for (const rule of ['preferences.language = "cy"', { field: "preferences.language", op: "eq", value: "cy" }]) {
      const answer = await segments.send("POST", "/preview", { rule })
      const { data } = answer.body as { data: { count: number; sample: ReadonlyArray<{ id: string }> } }
      expect(data).toMatchObject({
        count: 12,
        rule: { field: "preferences.language", op: "eq", value: "cy" },
        ruleText: 'preferences.language = "cy"'
      })
      expect(data.sample).toHaveLength(10)
      const ids = people.map(({ id }) => id)
      for (const { id } of data.sample) expect(ids).toContain(id)
    }
    expect(segmentsIn(await segments.send("GET", "")).map(({ name, version }) => [name, version])).toEqual(before)
  })

  test("of a rule that fits nobody is empty", async () => {
    const answer = await segments.send("POST", "/preview", { rule: "orders.count >= 1000000" })
    expect([answer.status, answer.body]).toEqual([
      200,
      { success: true, data: expect.objectContaining({ count: 0, sample: [] }) }
    ])
  })

  test.for([
    ["rule", {}],
    ["name", { rule: vips, name: "mine" }]
  ] as const)("needs a rule and nothing else: %s", async ([path, body]) => {
    expect(refusalIn(await segments.send("POST", "/preview", body))).toEqual(refusal(400, "VALIDATION_FAILED", path))
  })
})
