import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { newName, segmentIn, segmentsIn, segmentsOf, segmentsPath } from "./support/customerSegments.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Answer } from "./support/requests.ts"
import { openScene } from "./support/scene.ts"
import { versionOf } from "./support/segments.ts"
import { staffToken } from "./support/tokens.ts"

const { service } = await openScene()
const staff = await staffToken("staff-of-segments")
const segments = segmentsOf(service, staff)

const countOf = async (name: string): Promise<number> =>
  segmentsIn(await segments.send("GET", "")).filter((segment) => segment.name === name).length

const shown = ({ headers, status, text }: Answer) => ({
  status,
  text,
  location: headers.get("location"),
  etag: headers.get("etag")
})

const vips = 'tier = "vip"'

test("the specification's segments are there from the beginning, each with its rule", async () => {
  const listed = segmentsIn(await segments.send("GET", ""))
  expect(listed.map(({ name, ruleText }) => [name, ruleText])).toEqual(
    expect.arrayContaining([
      ["new-customers", "createdAt within 30 days"],
      ["vip-customers", vips],
      ["wholesale-customers", 'type = "business"']
    ])
  )
  const names = listed.map(({ name }) => name)
  expect(names).toEqual(names.toSorted())
  expect(names).toEqual(expect.arrayContaining(["all-customers", "regular-customers"]))
  expect(listed.every(({ isActive, kind, version }) => isActive && kind === "rule" && version === 1)).toBe(true)
})

describe("a segment", () => {
  test("is made of a rule as text, and found by its id and its name", async () => {
    const name = newName()
    const answer = await segments.send("POST", "", { name, description: "Whoever pays for all this.", rule: vips })
    const segment = segmentIn(answer)
    expect(answer.status).toBe(201)
    expect(answer.headers.get("location")).toBe(`${segmentsPath}/${segment.id}`)
    expect(answer.headers.get("etag")).toBe('"1"')
    expect(segment).toMatchObject({
      name,
      description: "Whoever pays for all this.",
      kind: "rule",
      rule: { field: "tier", op: "eq", value: "vip" },
      ruleText: vips,
      version: 1,
      isActive: true
    })
    await segments.settled(name)
    for (const place of [segment.id, segment.id.toUpperCase(), name]) {
      const read = await segments.send("GET", `/${place}`)
      expect([segmentIn(read).id, versionOf(read)]).toEqual([segment.id, 1])
    }
  })

  test("is made of a rule as an object, and shown with its text", async () => {
    const rule = {
      all: [{ field: "orders.count", op: "gte", value: 5 }, { not: { field: "tier", op: "eq", value: "vip" } }]
    }
    const segment = await segments.create({ rule })
    expect(segment.rule).toEqual(rule)
    const again = await segments.create({ rule: segment.ruleText })
    expect(again.rule).toEqual(rule)
  })

  test("that is filled by hand has no rule", async () => {
    const segment = await segments.create({ kind: "manual" })
    expect(segment).toMatchObject({ kind: "manual", memberCount: 0 })
    expect(segment).not.toHaveProperty("rule")
    expect(segment).not.toHaveProperty("ruleText")
    expect(segment).not.toHaveProperty("recompute")
    const refused = await segments.change(segment.name, { rule: vips })
    expect(refusalIn(refused)).toEqual(refusal(400, "VALIDATION_FAILED", "rule"))
  })

  test("has a name of its own", async () => {
    const { name } = await segments.create({ rule: vips })
    const answer = await segments.send("POST", "", { name, rule: vips })
    expect(refusalIn(answer)).toEqual(refusal(409, "SEGMENT_NAME_TAKEN", "name"))
    expect(await countOf(name)).toBe(1)
  })

  test.for([
    ["name", { name: "Capitals" }],
    ["name", { name: "two words" }],
    ["name", { name: "preview" }],
    ["name", { name: "" }],
    ["name", { name: "x".repeat(65) }],
    ["name", { name: "it's" }],
    ["description", { description: "x".repeat(1001) }],
    ["kind", { kind: "magic" }],
    ["rule", { rule: undefined }],
    ["rule", { rule: 5 }],
    ["rule", { rule: null }],
    ["rule", { rule: [] }],
    ["rule", { kind: "manual" }],
    ["colour", { colour: "red" }],
    ["version", { version: 7 }]
  ] as const)("is not made with a %s that makes no sense: %j", async ([path, fields]) => {
    const answer = await segments.send("POST", "", { name: newName(), rule: vips, ...fields })
    expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", path))
  })
})

describe("the same key and body", () => {
  test("make one segment and are answered the same, twenty at once too", async () => {
    const [name, headers] = [newName(), { "idempotency-key": randomUUID() }]
    const make = () => segments.send("POST", "", { name, rule: vips }, headers)
    const answers = await Promise.all(Array.from({ length: 20 }, make))
    expect(new Set(answers.map((answer) => JSON.stringify(shown(answer)))).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    expect(answers.filter((answer) => answer.headers.get("idempotent-replayed") === null)).toHaveLength(1)
    await segments.change(name, { description: "Changed meanwhile." })
    expect(shown(await make())).toEqual(answers[0] && shown(answers[0]))
    expect(await countOf(name)).toBe(1)
  })

  test("are not another body under the same key", async () => {
    const [name, headers] = [newName(), { "idempotency-key": randomUUID() }]
    await segments.send("POST", "", { name, rule: vips }, headers)
    const answer = await segments.send("POST", "", { name: newName(), rule: vips }, headers)
    expect(refusalIn(answer)).toEqual(refusal(422, "IDEMPOTENCY_KEY_REUSED"))
  })
})

test("a segment that there is not is not found", async () => {
  for (const place of [randomUUID(), newName(), "preview-not"]) {
    const answers = [
      await segments.send("GET", `/${place}`),
      await segments.change(place, { description: "Mine." }),
      await segments.remove(place),
      await segments.send("GET", `/${place}/members`)
    ]
    for (const answer of answers) expect(refusalIn(answer)).toEqual(refusal(404, "SEGMENT_NOT_FOUND"))
  }
})
