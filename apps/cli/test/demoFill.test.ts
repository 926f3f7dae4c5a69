import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { jwtSecret, run } from "./support/commandLine.ts"
import { emptyDatabase, freshDatabase, type TestDatabase } from "./support/database.ts"

let shop: TestDatabase
let twin: TestDatabase
beforeAll(async () => {
  shop = await freshDatabase()
  twin = await freshDatabase()
})
afterAll(() => Promise.all([shop.drop(), twin.drop()]))

const fill = ({ url }: TestDatabase, ...parameters: ReadonlyArray<string>) =>
  run(["demo", "fill", ...parameters], { DATABASE_URL: url, JWT_SECRET: jwtSecret })

const count = async ({ rows }: TestDatabase, table: string) =>
  (await rows(`SELECT count(*)::int AS count FROM ${table}`))[0]?.["count"]

const people = ({ rows }: TestDatabase) =>
  rows(`SELECT c.*, p.profile_data, p.phone, r.language, r.timezone,
    (SELECT jsonb_agg(to_jsonb(a) - 'position' ORDER BY a.position) FROM customer_addresses a WHERE a.customer_id = c.id) AS addresses
    FROM customers c JOIN customer_profiles p ON p.customer_id = c.id
    JOIN customer_preferences r ON r.customer_id = c.id ORDER BY c.id`)

const twoDefaults = `SELECT customer_id FROM customer_addresses WHERE is_default GROUP BY customer_id
  HAVING count(*) FILTER (WHERE type IN ('shipping', 'both')) > 1
  OR count(*) FILTER (WHERE type IN ('billing', 'both')) > 1`

const withoutDefault = `SELECT id FROM customer_addresses a WHERE type <> 'both' AND NOT EXISTS (
  SELECT 1 FROM customer_addresses d WHERE d.customer_id = a.customer_id AND d.is_default AND d.type IN (a.type, 'both'))`

describe("demo fill", () => {
  it("writes customers as if they had come by the API, and the same ones for the same seed", async () => {
    const { code, stderr, stdout } = await fill(shop, "300", "--seed", "7", "--batch", "64", "--json")
    expect(code).toBe(0)
    const written = JSON.parse(stdout)
    expect(written).toMatchObject({ seed: 7, dryRun: false, customers: 300 })
    expect(JSON.parse(stderr.trim().split("\n").at(-1) ?? "")).toMatchObject({ done: 300, total: 300 })

    expect(await count(shop, "customers")).toBe(300)
    expect(await count(shop, "customer_addresses")).toBe(written.addresses)
    expect(await count(shop, "outbox_events")).toBe(written.events)
    expect(await count(shop, "consent_ledger")).toBe(written.consents)
    expect(await shop.rows(twoDefaults)).toEqual([])
    expect(await shop.rows(withoutDefault)).toEqual([])
    const created = "SELECT DISTINCT customer_id FROM outbox_events WHERE topic = 'customers.customer.created'"
    expect(await count(shop, `(${created}) AS created`)).toBe(300)
    const orphans = `SELECT customer_id, max(customer_version) FROM outbox_events GROUP BY customer_id
      EXCEPT SELECT id, version FROM customers`
    expect(await shop.rows(orphans)).toEqual([])

    expect((await fill(twin, "300", "--seed", "7")).code).toBe(0)
    expect(await people(twin)).toEqual(await people(shop))
  })

  it("refuses people who are there already, and writes nothing", async () => {
    const before = await count(shop, "customers")
    const { code, stderr, stdout } = await fill(shop, "301", "--seed", "7")
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toBe("300 of these customers exist already, nothing was written: choose another --seed than 7\n")
    expect(await count(shop, "customers")).toBe(before)
  })

  it("takes other people of another seed beside them, and sums them up", async () => {
    const before = Number(await count(twin, "customers"))
    const { code, stdout } = await fill(twin, "50", "--seed", "8")
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Wrote 50 customers of seed 8, with \d+ addresses, \d+ consents and \d+ events\n$/)
    expect(await count(twin, "customers")).toBe(before + 50)
  })

  it("writes nothing in a dry run", async () => {
    const before = await count(shop, "customers")
    const { code, stdout } = await fill(shop, "20", "--seed", "9", "--dry-run", "--json")
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ seed: 9, dryRun: true, customers: 20 })
    expect(await count(shop, "customers")).toBe(before)
  })

  it("names the command that is missing on a database without tables", async () => {
    const empty = await emptyDatabase()
    const { code, stderr, stdout } = await fill(empty, "10")
    await empty.drop()
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(/^The database lacks \d+ migration\(s\): run `customer-service migrate up` first\n$/)
  })
})
