import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test, vi } from "vitest"
import { logIn, newPassword } from "./support/accounts.ts"
import { analyticsOf, monthsByHand, paceByHand, rfmByHand, type Sale } from "./support/analytics.ts"
import { openBusScene, publish, publishAll } from "./support/busScene.ts"
import { createCustomer, customerIn, type Known } from "./support/customers.ts"
import { orderCompleted, pointsEarned, topics } from "./support/orders.ts"
import { refusal, refusalIn } from "./support/refusals.ts"
import type { Service } from "./support/service.ts"
import { serviceToken, staffToken } from "./support/tokens.ts"

const { bus, database, service, startAnother } = await openBusScene({ EMAIL_VERIFICATION_REQUIRED: "false" })
const [client, staff] = [await serviceToken(), await staffToken()]

const patience = { timeout: 20_000, interval: 50 }
const overviewPath = "/v1/customers/analytics/overview"

const ago = (days: number): string => new Date(Date.now() - days * 24 * 3_600_000).toISOString()
const sale = (days: number, cents: number): Sale => ({ completedAt: ago(days), cents })

/** What each of five customers ordered; two of them share a bound, and nobody ordered as much as the first. */
const baskets: ReadonlyArray<ReadonlyArray<Sale>> = [
  [sale(400, 19_999), sale(200.5, 10), sale(101.25, 50_001), sale(40, 33_333), sale(3.75, 7)],
  [sale(300, 100)],
  [sale(300, 250), sale(250, 250)],
  [sale(90, 500), sale(30, 1)],
  [sale(10, 120_000)]
]

const password = newPassword()

const order = (customerId: string, { cents, completedAt }: Sale) =>
  orderCompleted({ customerId, completedAt, timestamp: completedAt, total: cents / 100 })

/** Five customers with their orders, and a service that was started when these were there. */
const arrange = async () => {
  const buyers: Array<Known> = []
  for (const basket of baskets) {
    const buyer = await createCustomer(service, { password })
    await publishAll(bus, topics.orders, basket.map((each) => order(buyer.id, each)).toReversed())
    buyers.push(buyer)
  }
  await vi.waitFor(
    async () => expect(await database.rows("SELECT 1 FROM customer_orders")).toHaveLength(baskets.flat().length),
    patience
  )
  return { buyers, later: await startAnother() }
}

let scene: { readonly buyers: ReadonlyArray<Known>; readonly later: Service }

const [jane, other] = [() => scene.buyers[0] ?? expect.fail(), () => scene.buyers[1] ?? expect.fail()]

beforeAll(async () => {
  scene = await arrange()
  await vi.waitFor(
    async () => expect((await analyticsOf(service, jane(), client)).rfm.quantiles).toBeDefined(),
    patience
  )
})

describe("a customer's analytics", () => {
  test("are what a person works out by hand from the same orders", async () => {
    const shown = await analyticsOf(service, jane(), jane().token)
    const [sales = []] = baskets
    const computedAt = shown.rfm.quantiles?.computedAt ?? ""
    const { intervals, nextOrder } = paceByHand(sales, shown.asOf)
    const total = sales.reduce((sum, { cents }) => sum + cents, 0) / 100
    expect(shown).toMatchObject({
      customerId: jane().id,
      currency: "USD",
      rfm: rfmByHand(sales, baskets, shown.asOf, computedAt),
      intervals,
      nextOrder,
      lastTwelveMonths: { months: monthsByHand(sales, shown.asOf) },
      tierProgress: {
        tier: "premium",
        nextTier: "vip",
        totalSpent: total,
        required: 10_000,
        remaining: 10_000 - total,
        progress: Math.round(total) / 100
      }
    })
    expect(shown.rfm).toMatchObject({ code: "554", group: "champions" })
  })

  test("say of every block from what it was computed, and when", async () => {
    const { asOf, rfm, ...shown } = await analyticsOf(service, jane(), client)
    const blocks = Object.values<unknown>({ ...shown, ...rfm }).filter(
      (block): block is Readonly<Record<string, unknown>> => typeof block === "object" && block !== null
    )
    const told = blocks.filter((block) => !("computedAt" in block))
    expect(told).toHaveLength(9)
    for (const block of told) expect(block).toMatchObject({ basis: expect.stringMatching(/\w/), asOf })
    const days = `completed ${ago(400).slice(0, 10)}..${ago(3.75).slice(0, 10)}`
    expect(shown).toMatchObject({ intervals: { basis: `5 orders told of by OrderCompleted events, ${days}` } })
  })

  test("follow an order, points and a login at once", async () => {
    const before = (await analyticsOf(service, other(), client)).engagement.score
    await publish(bus, topics.orders, order(other().id, sale(0, 10_099)))
    await publish(bus, topics.points, pointsEarned({ customerId: other().id, points: 77 }))
    await logIn(service, { email: other().email, password })
    await vi.waitFor(
      async () =>
        expect(await analyticsOf(service, other(), client)).toMatchObject({
          rfm: { frequency: { orderCount: 2 }, monetary: { totalSpent: 101.99 } },
          points: { points: 77, basis: "the newest balance and what came after it, of 1 loyalty event" },
          engagement: {
            logins: { daysSince: 0, last30Days: 1, last90Days: 1 },
            parts: { lastLogin: 30, logins: 3 },
            score: before + 33
          }
        }),
      patience
    )
  })

  test("of whoever came from elsewhere are not zeros that look like knowledge", async () => {
    const mary = await createCustomer(service)
    await database.rows("UPDATE customers SET legacy_id = 4711 WHERE id = $1", [mary.id])
    const shown = await analyticsOf(service, { path: "/v1/customers/4711" }, client)
    const unknown = { basis: expect.stringContaining("not known: she came from elsewhere"), asOf: shown.asOf }
    expect(shown).toMatchObject({ intervals: unknown, points: unknown, lastTwelveMonths: unknown })
    for (const key of [
      "rfm.monetary.totalSpent",
      "rfm.frequency.orderCount",
      "lastTwelveMonths.months",
      "points.points"
    ]) {
      expect(shown).not.toHaveProperty(key)
    }
  })

  test("are shown to services, staff and the customer herself, and of a closed account to staff alone", async () => {
    const mary = await createCustomer(service)
    const read = (token?: string) => service.send("GET", `${mary.path}/analytics`, { token })
    for (const token of [client, staff, mary.token]) expect((await read(token)).status).toBe(200)
    expect((await read()).status).toBe(401)
    expect(refusalIn(await read(jane().token))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
    await service.send("DELETE", mary.path, { token: staff })
    expect(refusalIn(await read(client))).toEqual(refusal(404, "CUSTOMER_NOT_FOUND"))
    expect((await read(staff)).headers.get("cache-control")).toBe("private, no-cache")
  })

  test.for([
    [`/v1/customers/${randomUUID()}/analytics`, refusal(404, "CUSTOMER_NOT_FOUND")],
    ["/v1/customers/nobody/analytics", refusal(400, "INVALID_CUSTOMER_ID", "customerId")]
  ] as const)("at %s are refused", async ([path, refused]) => {
    expect(refusalIn(await service.send("GET", path, { token: client }))).toEqual(refused)
  })
})

describe("the overview", () => {
  test("is for staff alone", async () => {
    for (const token of [client, jane().token]) {
      expect(refusalIn(await service.send("GET", overviewPath, { token }))).toEqual(refusal(403, "FORBIDDEN"))
    }
    expect((await service.send("GET", overviewPath)).status).toBe(401)
  })

  test("counts open accounts by tier, segment, RFM group and month of registration", async () => {
    const closed = await createCustomer(service)
    await service.send("DELETE", closed.path, { token: staff })
    const member = customerIn(await service.send("GET", jane().path, { token: client }))
    await database.rows(
      `WITH s AS (INSERT INTO customer_segments (name, rules) VALUES ('of-a-test', '{"all": []}') RETURNING id)
       INSERT INTO customer_segment_memberships (customer_id, segment_id) SELECT $1, id FROM s`,
      [member.id]
    )
    const [open] = await database.rows("SELECT count(*)::int AS count FROM customers WHERE status <> 'inactive'")
    const { body } = await scene.later.send("GET", overviewPath, { token: staff })
    const { overview } = (body as { data: { overview: Readonly<Record<string, ReadonlyArray<unknown>>> } }).data
    expect(overview).toMatchObject({
      customers: open?.["count"],
      tiers: [
        { tier: "regular", count: Number(open?.["count"]) - 2 },
        { tier: "premium", count: 2 },
        { tier: "vip", count: 0 }
      ],
      segments: expect.arrayContaining([{ name: "of-a-test", count: 1 }]),
      registrations: [{ month: member.createdAt.slice(0, 7), count: open?.["count"] }],
      quantiles: { baseSize: 5 },
      asOf: expect.stringMatching(/Z$/)
    })
    const grouped = overview["rfmGroups"]?.map((each) => (each as { count: number }).count) ?? []
    expect([grouped.length, grouped.reduce((sum, count) => sum + count, 0)]).toEqual([11, 5])
  })
})
