import { afterAll, expect, onTestFinished, test } from "vitest"
import { createCustomer, customerIn, type Known } from "./support/customers.ts"
import { freshDatabase } from "./support/database.ts"
import { timeOf } from "./support/readPace.ts"
import { freshRedis } from "./support/redisDatabase.ts"
import { type Service, startService } from "./support/service.ts"
import { serviceToken } from "./support/tokens.ts"
import { loyaltyPoints, orderFigures, startUpstreams, troubles } from "./support/upstreams.ts"

const [database, redisUrl, token] = [await freshDatabase(), await freshRedis(), await serviceToken()]
afterAll(database.drop)

/** A service, and the services that it asks. */
const startBoth = async () => {
  const upstreams = await startUpstreams()
  onTestFinished(upstreams.die)
  const addresses = { ORDER_SERVICE_URL: upstreams.url, LOYALTY_SERVICE_URL: upstreams.url }
  const service = await startService({ DATABASE_URL: database.url, REDIS_URL: redisUrl, ...addresses })
  onTestFinished(service.stop)
  return { service, upstreams }
}

const dataOf = async (service: Service, path: string): Promise<Readonly<Record<string, unknown>>> => {
  const { body, status } = await service.send("GET", path, { token })
  expect(status).toBe(200)
  return (body as { data: Readonly<Record<string, unknown>> }).data
}

const summaryOf = async (service: Service, { path }: Known): Promise<unknown> =>
  (await dataOf(service, `${path}/orders/summary`))["summary"]

const segmentOf = async (service: Service, { path }: Known): Promise<unknown> =>
  (await dataOf(service, `${path}/segment`))["segment"]

const live = { ...orderFigures, freshness: "live", asOf: expect.any(String) }

const derived = {
  orderCount: 2,
  totalSpent: 90,
  averageOrderValue: 45,
  currency: "USD",
  freshness: "derived",
  asOf: expect.any(String)
}

/** Somebody whose two orders the events told of. */
const someoneKnownByEvents = async (service: Service): Promise<Known> => {
  const customer = await createCustomer(service)
  await database.rows(
    `UPDATE customer_metrics SET total_spent = 90, order_count = 2, average_order_value = 45 WHERE customer_id = $1`,
    [customer.id]
  )
  return customer
}

/** Each time it is the same; the quickest counts, since what else the machine does can only add to it. */
const comesInTime = async (ask: () => Promise<unknown>, answer: unknown): Promise<void> => {
  const asking = async () => expect(await ask()).toEqual(answer)
  expect(Math.min(await timeOf(asking), await timeOf(asking), await timeOf(asking))).toBeLessThan(250)
}

test.each(Object.entries(troubles))(
  "while the services are %s, the last answer is given with its time, else what events told, within 250 ms",
  async (_, trouble) => {
    const { service, upstreams } = await startBoth()
    const [known, unasked] = [await createCustomer(service), await someoneKnownByEvents(service)]
    const last = await summaryOf(service, known)
    expect(last).toEqual(live)
    const segment = await segmentOf(service, known)
    expect(segment).toMatchObject({ loyaltyPoints })

    await trouble(upstreams)
    await comesInTime(() => summaryOf(service, known), { ...Object(last), freshness: "cached" })
    await comesInTime(() => summaryOf(service, unasked), derived)
    await comesInTime(() => segmentOf(service, known), segment)
    expect(await segmentOf(service, unasked)).toMatchObject({ loyaltyPoints: 0 })
  }
)

test("whom the order service does not know is not shown without orders", async () => {
  const { service, upstreams } = await startBoth()
  const customer = await someoneKnownByEvents(service)
  upstreams.behave("unknowing")
  expect(await summaryOf(service, customer)).toEqual(derived)
  upstreams.behave("well")
  const last = await summaryOf(service, customer)
  expect(last).toEqual(live)
  upstreams.behave("unknowing")
  expect(await summaryOf(service, customer)).toEqual({ ...Object(last), freshness: "cached" })
})

test("a customer is read without a question to anybody", async () => {
  const { service, upstreams } = await startBoth()
  const customer = await createCustomer(service)
  const askedAboutHer = () => upstreams.asked.filter((path) => path.includes(customer.id))
  expect(customerIn(await service.send("GET", customer.path, { token })).id).toBe(customer.id)
  expect(askedAboutHer()).toEqual([])
  await summaryOf(service, customer)
  expect(askedAboutHer()).toEqual([`/orders/customer/${customer.id}/summary`])
})
