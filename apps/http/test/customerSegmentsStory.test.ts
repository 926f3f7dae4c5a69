import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test, vi } from "vitest"
import { createCustomer, customerIn, type Known } from "./support/customers.ts"
import {
  membershipsIn,
  membershipsOf,
  namesOf,
  newName,
  patience,
  segmentIn,
  segmentsOf
} from "./support/customerSegments.ts"
import { deliverOrder, withoutSidecar } from "./support/deliveries.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import { openScene } from "./support/scene.ts"
import type { Service } from "./support/service.ts"
import { startProcess } from "./support/serviceProcess.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const embeddedService = async (): Promise<Service> => {
  const directory = await mkdtemp(join(tmpdir(), "customer-service-embedded-"))
  const service = await startProcess({ DATA_DIR: directory, ...withoutSidecar })
  afterAll(async () => {
    await service.stop()
    await rm(directory, { recursive: true })
  })
  return service
}

const { service: onPostgres } = await openScene(withoutSidecar)
const places: ReadonlyArray<readonly [string, Service]> = [
  ["PostgreSQL and Redis", onPostgres],
  ["the embedded default", await embeddedService()]
]

const [client, staff] = [await serviceToken(), await staffToken("staff-of-stories")]
const reason = "agreed with the key account team"

describe.for(places)("a segment's life on %s", ([, service]) => {
  const segments = segmentsOf(service, staff)
  const name = newName()
  const people = new Map<string, Known>()
  const known = (who: string): Known => people.get(who) as Known
  const namesOfHer = async (who: string) => namesOf(await membershipsOf(service, known(who), client))

  test("begins with a rule as text, and its members appear", async () => {
    for (const [who, language] of [
      ["gwen", "cy"],
      ["jane", "en"]
    ] as const) {
      people.set(who, await createCustomer(service, { preferences: { language } }))
    }
    await segments.create({ name, rule: 'preferences.language = "cy" or orders.total >= 1000' })
    expect(await segments.settled(name)).toMatchObject({ memberCount: 1, version: 1 })
    expect(await segments.members(name)).toEqual([known("gwen").id])
    expect([await namesOfHer("gwen"), await namesOfHer("jane")]).toEqual([[name], []])
  })

  test("follows a change of hers at once", async () => {
    const gwen = known("gwen")
    const speak = (language: string) =>
      service.send("PUT", gwen.path, { token: gwen.token, body: { preferences: { language } } })
    await speak("en")
    expect(await namesOfHer("gwen")).toEqual([])
    await speak("cy")
    expect(await namesOfHer("gwen")).toEqual([name])
  })

  test("follows what she orders", async () => {
    const jane = known("jane")
    await deliverOrder(service, { customerId: jane.id, total: 400 })
    expect(await namesOfHer("jane")).toEqual([])
    await deliverOrder(service, { customerId: jane.id, total: 600 })
    expect(await namesOfHer("jane")).toEqual([name])
    await vi.waitFor(async () => expect((await segments.read(name)).memberCount).toBe(2), patience)
  })

  test("is explained by what she has ordered", async () => {
    const answer = await service.send("GET", `${known("jane").path}/segments/${name}/explain`, { token: client })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({
      data: {
        explanation: {
          member: true,
          because: "rule",
          summary: expect.stringContaining("1000"),
          rule: {
            tree: {
              kind: "any",
              parts: [
                { field: "preferences.language", actual: ["en"], verdict: false },
                { field: "orders.total", required: 1000, actual: [1000], verdict: true }
              ]
            }
          }
        }
      }
    })
  })

  test("takes in whom a colleague adds, until the time is over", async () => {
    people.set("mary", await createCustomer(service))
    const expiresAt = new Date(Date.now() + 1200).toISOString()
    const answer = await segments.decide(known("mary"), name, { member: true, reason, expiresAt })
    expect(membershipsIn(answer).find((membership) => membership.name === name)).toMatchObject({ by: "hand" })
    await vi.waitFor(async () => expect(await namesOfHer("mary")).toEqual([]), patience)
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt))
  })

  test("keeps its members under another rule until everybody was compared with it", async () => {
    const members = [known("gwen").id, known("jane").id].toSorted()
    await vi.waitFor(async () => expect(await segments.members(name)).toEqual(members), patience)
    const changed = segmentIn(await segments.change(name, { rule: "orders.total >= 1000" }))
    expect(changed).toMatchObject({ version: 2, ruleText: "orders.total >= 1000", inForce: { version: 1 } })
    expect(await segments.settled(name)).toMatchObject({ version: 2, memberCount: 1 })
    expect(await segments.members(name)).toEqual([known("jane").id])
    const membership = (await membershipsOf(service, known("jane"), client)).find((each) => each.name === name)
    expect(membership).toMatchObject({ by: "rule", ruleVersion: 2 })
    expect(await namesOfHer("gwen")).toEqual([])
  })

  test("ends when it is removed, and nobody belongs to it any more", async () => {
    expect((await segments.remove(name)).status).toBe(202)
    await vi.waitFor(async () => {
      const read = await segments.send("GET", `/${name}`)
      expect(refusalIn(read)).toEqual(refusal(404, "SEGMENT_NOT_FOUND"))
    }, patience)
    expect(await namesOfHer("jane")).toEqual([])
    expect(customerIn(await service.send("GET", known("jane").path, { token: client })).segment).toMatchObject({
      totalSpent: 1000
    })
  })
})
