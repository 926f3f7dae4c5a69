import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { jwtSecret, run } from "./support/commandLine.ts"
import { freshDatabase, type TestDatabase } from "./support/database.ts"
import { type FakeSidecar, startFakeSidecar } from "./support/sidecar.ts"

let shop: TestDatabase
let sidecar: FakeSidecar
let variables: Readonly<Record<string, string>>
beforeAll(async () => {
  ;[shop, sidecar] = await Promise.all([freshDatabase(), startFakeSidecar()])
  variables = {
    DATABASE_URL: shop.url,
    JWT_SECRET: jwtSecret,
    EVENT_BUS: "dapr",
    APP_API_TOKEN: "the-sidecar-shows-these-bytes",
    DAPR_HTTP_PORT: String(sidecar.port),
    EVENT_MAX_REFUSALS: "1"
  }
  await run(["demo", "fill", "20"], variables)
})
afterAll(() => Promise.all([shop.drop(), sidecar.close()]))

const events = (...parameters: ReadonlyArray<string>) => run(["events", ...parameters], variables)

const counted = async (condition: string): Promise<number> =>
  Number((await shop.rows(`SELECT count(*)::int AS count FROM outbox_events WHERE ${condition}`))[0]?.["count"])

describe("events", () => {
  it("are published until none is due, but for those behind one that is refused", async () => {
    const [first] = await shop.rows(
      "SELECT event_id::text AS id, customer_id::text AS customer FROM outbox_events ORDER BY id LIMIT 1"
    )
    sidecar.refused = String(first?.["id"])
    const relayed = await events("relay", "--once", "--json")
    const ofHers = await counted(`customer_id = '${first?.["customer"]}'`)
    const all = await counted("true")
    expect({ code: relayed.code, ...JSON.parse(relayed.stdout) }).toEqual({
      code: 0,
      published: all - ofHers,
      busIsAway: false
    })
    expect(sidecar.taken).toHaveLength(all - ofHers)

    const status = await events("status", "--json")
    expect(status).toMatchObject({ code: 3, stderr: "" })
    expect(JSON.parse(status.stdout)).toMatchObject({
      outgoing: { unpublished: ofHers, dead: 1 },
      incoming: { parked: 0, dead: 0 }
    })
    const dead = await events("dead", "--json")
    expect(dead.code).toBe(3)
    expect(JSON.parse(dead.stdout).dead).toMatchObject([
      { id: sidecar.refused, direction: "outgoing", customerId: first?.["customer"], reason: expect.any(String) }
    ])
  })

  it("that are dead are tried once more on demand, and the later ones follow", async () => {
    const id = String(sidecar.refused)
    expect(await events("retry", id, "--dry-run")).toMatchObject({ code: 0, stdout: `Would try ${id} once more\n` })
    sidecar.refused = undefined
    expect(JSON.parse((await events("retry", id, "--json")).stdout)).toEqual({ dryRun: false, id, outcome: "due" })
    expect(await events("relay", "--once")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Published \d+/) })
    expect(await counted("published_at IS NULL")).toBe(0)
    expect(await events("status")).toMatchObject({ code: 0 })
    expect(await events("dead")).toMatchObject({ code: 0, stdout: "Nothing is dead\n" })
  })

  it("are published once more since a moment, of one customer or topic alone where told", async () => {
    const [row] = await shop.rows("SELECT customer_id::text AS customer FROM outbox_events ORDER BY id LIMIT 1")
    const hers = await counted(`customer_id = '${row?.["customer"]}'`)
    const since = ["replay", "--from", "2000-01-01T00:00:00Z", "--customer", String(row?.["customer"])]
    expect(JSON.parse((await events(...since, "--dry-run", "--json")).stdout)).toMatchObject({ events: hers })
    expect(await counted("published_at IS NULL")).toBe(0)
    expect(JSON.parse((await events(...since, "--json")).stdout)).toMatchObject({ dryRun: false, events: hers })
    expect(await counted("published_at IS NULL")).toBe(hers)
    expect(JSON.parse((await events("relay", "--once", "--json")).stdout)).toMatchObject({ published: hers })
  })

  it("are not published once more on a topic that is none, nor since a time to come", async () => {
    expect(await events("replay", "--from", "2000-01-01T00:00:00Z", "--topic", "x")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("must be one of customers.customer.created, ")
    })
    expect(await events("replay", "--from", "9000-01-01T00:00:00Z")).toEqual({
      code: 2,
      stdout: "",
      stderr: "--from must be in the past\n"
    })
  })

  it("are dropped where nobody will ever take them", async () => {
    const [row] = await shop.rows(
      "SELECT event_id::text AS id, customer_id::text AS customer FROM outbox_events ORDER BY id LIMIT 1"
    )
    sidecar.refused = String(row?.["id"])
    await events("replay", "--from", "2000-01-01T00:00:00Z", "--customer", String(row?.["customer"]))
    await events("relay", "--once")
    expect(await events("drop", sidecar.refused)).toMatchObject({ code: 0, stdout: `Dropped ${sidecar.refused}\n` })
    expect(await events("relay", "--once")).toMatchObject({ code: 0 })
    expect(await counted("published_at IS NULL AND dropped_at IS NULL")).toBe(0)
  })

  it("that are not dead are neither tried nor dropped", async () => {
    const stranger = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
    const refusal = { code: 1, stdout: "", stderr: `Nothing dead has the id ${stranger}\n` }
    expect(await events("retry", stranger)).toEqual(refusal)
    expect(await events("drop", stranger, "--dry-run")).toEqual(refusal)
  })

  it("wait for a bus that does not answer, and go nowhere without one", async () => {
    await events("replay", "--from", "2000-01-01T00:00:00Z")
    const away = await run(["events", "relay", "--once", "--json"], { ...variables, DAPR_HTTP_PORT: "1" })
    expect({ code: away.code, ...JSON.parse(away.stdout) }).toEqual({ code: 3, published: 0, busIsAway: true })
    expect(await run(["events", "relay"], { ...variables, EVENT_BUS: "memory" })).toEqual({
      code: 2,
      stdout: "",
      stderr: "There is no bus to publish to: set EVENT_BUS=dapr\n"
    })
  })
})
