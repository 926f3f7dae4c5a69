import { describe, expect, test, vi } from "vitest"
import { createCustomer } from "./support/customers.ts"
import { membershipsOf, patience, segmentIn, segmentsIn, segmentsOf } from "./support/customerSegments.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import { versionOf } from "./support/segments.ts"
import { staffToken } from "./support/tokens.ts"
import { beginWriting } from "./support/writeUnderWay.ts"

const { database, service } = await openScene()
const staff = await staffToken("staff-of-segments")
const segments = segmentsOf(service, staff)

const vips = 'tier = "vip"'

describe("a change", () => {
  test("merges field by field, and null clears the description", async () => {
    const { name } = await segments.create({ description: "First words.", rule: vips })
    const described = await segments.change(name, { description: "Other words." })
    expect([described.status, versionOf(described)]).toEqual([200, 2])
    expect(segmentIn(described)).toMatchObject({ description: "Other words.", ruleText: vips, isActive: true })
    const off = segmentIn(await segments.change(name, { isActive: false, description: null }))
    expect(off).toMatchObject({ ruleText: vips, isActive: false, version: 3 })
    expect(off).not.toHaveProperty("description")
  })

  test("that changes nothing leaves the version", async () => {
    const { name } = await segments.create({ rule: vips })
    expect(segmentIn(await segments.change(name, { rule: vips })).version).toBe(1)
    expect(segmentIn(await segments.change(name, {})).version).toBe(1)
  })

  test("of another version than the current one is refused with that", async () => {
    const { name } = await segments.create({ rule: vips })
    for (const method of ["PUT", "DELETE"]) {
      const body = method === "PUT" ? { description: "Mine." } : undefined
      const stale = await segments.send(method, `/${name}`, body, { "if-match": '"7"' })
      expect([refusalIn(stale), versionOf(stale)]).toEqual([refusal(412, "VERSION_CONFLICT", "version"), 1])
    }
    expect((await segments.send("PUT", `/${name}`, { description: "Mine." }, { "if-match": '"1"' })).status).toBe(200)
    expect((await segments.send("DELETE", `/${name}`, undefined, { "if-match": '"2"' })).status).toBe(202)
  })

  test("of twenty who read the same version is one's", async () => {
    const { name } = await segments.create({ rule: vips })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        segments.send("PUT", `/${name}`, { description: `Words ${index}.` }, { "if-match": '"1"' })
      )
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 412)])
  })

  test.for([
    ["name", { name: "another" }],
    ["kind", { kind: "manual" }],
    ["isActive", { isActive: "no" }],
    ["rule", { rule: null }]
  ] as const)("of the %s is refused where it makes no sense: %j", async ([path, changes]) => {
    const answer = await segments.change("vip-customers", changes)
    expect(refusalIn(answer)).toEqual(refusal(400, "VALIDATION_FAILED", path))
  })
})

describe("If-None-Match", () => {
  test("is answered 304 as long as nobody has changed the segment, and no cache keeps its figures", async () => {
    const { name } = await segments.create({ rule: vips })
    const ask = (tag: string) => segments.send("GET", `/${name}`, undefined, { "if-none-match": tag })
    const same = await ask('"1"')
    expect([same.status, same.text, versionOf(same)]).toEqual([304, "", 1])
    expect(same.headers.get("cache-control")).toBe("private, no-store")
    await segments.change(name, { description: "Changed." })
    const other = await ask('"1"')
    expect([other.status, versionOf(other)]).toEqual([200, 2])
    expect(other.headers.get("cache-control")).toBe("private, no-store")
  })
})

describe("a segment that goes", () => {
  test("is gone once its members have left", async () => {
    await createCustomer(service)
    const { name } = await segments.create({ rule: 'status != "inactive"' })
    expect((await segments.settled(name)).memberCount).toBeGreaterThan(0)
    const answer = await segments.remove(name)
    expect([answer.status, segmentIn(answer).isActive]).toEqual([202, false])
    await vi.waitFor(async () => {
      const read = await segments.send("GET", `/${name}`)
      expect(refusalIn(read)).toEqual(refusal(404, "SEGMENT_NOT_FOUND"))
    }, patience)
    expect(segmentsIn(await segments.send("GET", "")).map((segment) => segment.name)).not.toContain(name)
    expect((await segments.send("POST", "", { name, rule: vips })).status).toBe(201)
  })

  test("goes once: whoever would change it on its way finds nothing", async () => {
    const { name } = await segments.create({ rule: vips })
    await segments.remove(name)
    for (const answer of [await segments.remove(name), await segments.change(name, { rule: vips })]) {
      expect(refusalIn(answer)).toEqual(refusal(404, "SEGMENT_NOT_FOUND"))
    }
  })

  test("stays as long as rules of others ask for it, and they are named", async () => {
    const { name } = await segments.create({ rule: vips })
    const others = [
      await segments.create({ rule: `segment("${name}")` }),
      await segments.create({ rule: `not segment("${name}")` })
    ]
    const answer = await segments.remove(name)
    expect(refusalIn(answer)).toEqual(refusal(409, "SEGMENT_IN_USE", "segmentId", "segmentId"))
    for (const other of others) expect(answer.text).toContain(`is asked for by ${other.name}`)
    await Promise.all(others.map((other) => segments.remove(other.name)))
    await vi.waitFor(async () => expect((await segments.remove(name)).status).toBe(202), {
      timeout: 20_000,
      interval: 50
    })
  })
})

test("members by the rule before stay until the other one comes into force, and then all go at once", async () => {
  const speakers = []
  for (let count = 0; count < 3; count += 1) {
    speakers.push(await createCustomer(service, { preferences: { language: "yo" } }))
  }
  const ids = speakers.map(({ id }) => id).toSorted()
  const { name } = await segments.create({ rule: 'preferences.language = "yo"' })
  await segments.settled(name)
  const write = await beginWriting(database.url)
  const { version } = segmentIn(await segments.change(name, { rule: 'preferences.language = "ig"' }))
  const newcomer = await createCustomer(service, { preferences: { language: "yo" } })
  for (const speaker of [...speakers, newcomer]) {
    const memberships = await membershipsOf(service, speaker, staff)
    expect(memberships.find((membership) => membership.name === name)).toMatchObject({ ruleVersion: 1 })
  }
  expect(await segments.members(name)).toEqual([...ids, newcomer.id].toSorted())
  expect(await segments.read(name)).toMatchObject({
    version,
    ruleText: 'preferences.language = "ig"',
    inForce: { version: 1, ruleText: 'preferences.language = "yo"' },
    recompute: { state: "comparing" },
    memberCount: 4
  })
  await write.end()
  expect(await segments.settled(name)).toMatchObject({ version: 2, memberCount: 0 })
  expect(await segments.members(name)).toEqual([])
})
