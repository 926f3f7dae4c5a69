import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { jwtSecret, run } from "./support/commandLine.ts"
import { freshDatabase, type TestDatabase } from "./support/database.ts"

let shop: TestDatabase
let variables: Readonly<Record<string, string>>
beforeAll(async () => {
  shop = await freshDatabase()
  variables = { DATABASE_URL: shop.url, JWT_SECRET: jwtSecret }
  await run(["demo", "fill", "10"], variables)
  // Three customers have spent 1,200 and are premium; nobody else has spent anything.
  await shop.rows(`UPDATE customer_metrics SET total_spent = 1200, order_count = 4, average_order_value = 300,
      tier = 'premium', segment = 'high_value'
    WHERE customer_id IN (SELECT id FROM customers ORDER BY id LIMIT 3)`)
})
afterAll(() => shop.drop())

const tiers = (parameters: ReadonlyArray<string>, more: Readonly<Record<string, string>> = {}) =>
  run(["tiers", ...parameters], { ...variables, ...more })

const premium = async () =>
  (await shop.rows("SELECT customer_id::text AS id FROM customer_metrics WHERE tier = 'premium'")).map(({ id }) => id)

describe("tiers", () => {
  it("say who would move under another threshold, and move nobody", async () => {
    const before = await premium()
    const preview = await tiers(["preview", "--premium", "1500", "--list", "10", "--json"])
    expect({ code: preview.code, stderr: preview.stderr }).toEqual({ code: 0, stderr: "" })
    const { moves, thresholds } = JSON.parse(preview.stdout)
    expect(thresholds).toEqual({ premium: "1500", vip: "10000" })
    expect(moves).toEqual([{ from: "premium", to: "regular", count: 3, customers: expect.any(Array) }])
    expect(moves[0].customers.toSorted()).toEqual(before.toSorted())
    expect(await tiers(["preview", "--premium", "1100"])).toEqual({
      code: 0,
      stderr: "",
      stdout: "Nobody would move\n"
    })
    expect(await premium()).toHaveLength(3)
  })

  it("refuse thresholds that make no sense", async () => {
    expect(await tiers(["preview", "--premium", "20000"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: "--vip must be more than --premium\n"
    })
    expect(await tiers(["preview", "--premium", "-5"])).toMatchObject({ code: 2, stdout: "" })
  })

  it("move everybody whom the thresholds in force put elsewhere", async () => {
    const dearer = { TIER_PREMIUM_FROM: "1500" }
    expect(await tiers(["apply", "--dry-run"], dearer)).toMatchObject({
      code: 0,
      stdout: "Would move 3 customer(s) to another tier\n"
    })
    expect(await premium()).toHaveLength(3)
    expect(await tiers(["apply", "--json"], dearer)).toMatchObject({
      code: 0,
      stdout: `${JSON.stringify({ dryRun: false, rechecked: 3 })}\n`
    })
    expect(await premium()).toEqual([])
    const history = await shop.rows("SELECT from_tier, to_tier, cause FROM customer_tier_history")
    expect(history).toEqual(
      Array.from({ length: 3 }, () => ({ from_tier: "premium", to_tier: "regular", cause: "policy" }))
    )
    expect(await tiers(["apply"], dearer)).toMatchObject({ code: 0, stdout: "Brought 0 customer(s) up to date\n" })
  })
})
