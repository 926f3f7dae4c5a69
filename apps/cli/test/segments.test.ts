import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { jwtSecret, run } from "./support/commandLine.ts"
import { freshDatabase, type TestDatabase } from "./support/database.ts"

let shop: TestDatabase
let variables: Readonly<Record<string, string>>
let vip: string
beforeAll(async () => {
  shop = await freshDatabase()
  variables = { DATABASE_URL: shop.url, JWT_SECRET: jwtSecret }
  await run(["demo", "fill", "40"], variables)
  await shop.rows("UPDATE customer_metrics SET tier = 'regular'")
  // One customer came to be a VIP without anybody having looked at where she belongs.
  const [row] = await shop.rows(`UPDATE customer_metrics SET tier = 'vip', order_count = 12, total_spent = 12000
    WHERE customer_id = (SELECT customer_id FROM customer_metrics m JOIN customers c ON c.id = m.customer_id
      WHERE c.status = 'active' ORDER BY customer_id LIMIT 1) RETURNING customer_id::text AS id`)
  vip = String(row?.["id"])
})
afterAll(() => shop.drop())

const segments = (...parameters: ReadonlyArray<string>) => run(["segments", ...parameters], variables)

const open = async () =>
  Number((await shop.rows("SELECT count(*)::int AS count FROM customers WHERE status <> 'inactive'"))[0]?.["count"])

describe("segments", () => {
  it("recompute brings everybody where the rules put them, and shows how far it is", async () => {
    const foreseen = await segments("recompute", "--dry-run", "--json")
    expect(JSON.parse(foreseen.stdout)).toMatchObject({ dryRun: true, segments: expect.any(Array) })
    const recomputed = await segments("recompute", "--json")
    expect(recomputed.code, recomputed.stderr).toBe(0)
    const counts = new Map(
      (JSON.parse(recomputed.stdout).segments as Array<{ name: string; memberCount: number }>).map((segment) => [
        segment.name,
        segment.memberCount
      ])
    )
    expect(counts.get("all-customers")).toBe(await open())
    expect(counts.get("vip-customers")).toBe(1)
    const shown = recomputed.stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(shown.at(-1)).toMatchObject({ done: shown.at(-1).total })
  })

  it("recompute takes names, and refuses one that there is not", async () => {
    expect(await segments("recompute", "vip-customers")).toMatchObject({
      code: 0,
      stdout: "Recomputed 1 segment(s)\n  vip-customers  1 member(s)\n"
    })
    expect(await segments("recompute", "no-such")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "There is no segment no-such\n"
    })
  })

  it("list shows rules and numbers of members", async () => {
    const text = await segments("list")
    expect(text).toMatchObject({ code: 0, stderr: "" })
    expect(text.stdout).toContain('vip-customers  1 member(s), version 1\n  tier = "vip"\n')
    const { segments: all } = JSON.parse((await segments("list", "--json")).stdout)
    expect(all.map(({ name }: { name: string }) => name)).toEqual([
      "all-customers",
      "new-customers",
      "regular-customers",
      "vip-customers",
      "wholesale-customers"
    ])
  })

  it("preview counts whom a rule fits, and points at what is wrong in one", async () => {
    const preview = await segments("preview", 'tier = "vip" and orders.count >= 5', "--json")
    expect(JSON.parse(preview.stdout)).toEqual({
      count: 1,
      sample: [vip],
      rule: 'tier = "vip" and orders.count >= 5'
    })
    const wrong = await segments("preview", "tier = 5")
    expect(wrong).toMatchObject({ code: 2, stdout: "" })
    expect(wrong.stderr).toContain("rule column 8")
  })

  it("explain says why, clause by clause", async () => {
    const text = await segments("explain", vip, "vip-customers")
    expect(text).toMatchObject({ code: 0, stderr: "" })
    expect(text.stdout).toContain(`Customer ${vip} belongs to vip-customers\n`)
    expect(text.stdout).toContain('yes  tier = "vip"')
    const explanation = JSON.parse((await segments("explain", vip, "regular-customers", "--json")).stdout)
    expect(explanation).toMatchObject({ customerId: vip, member: false, because: "rule" })
    expect(await segments("explain", vip, "no-such")).toMatchObject({
      code: 1,
      stderr: "There is no segment no-such\n"
    })
  })
})
