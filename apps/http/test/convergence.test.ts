import { expect, test, vi } from "vitest"
import { openBusScene, publishAll, untilAnswered } from "./support/busScene.ts"
import { createCustomer, customerIn } from "./support/customers.ts"
import { topics } from "./support/orders.ts"
import { makeRandom } from "./support/random.ts"
import { serviceToken } from "./support/tokens.ts"
import { disorder, makeTellings, recompute, type Sum } from "./support/tellings.ts"

/** The long form: 20,000 orders. */
const isLong = process.env["CONVERGENCE"] === "long"
const count = isLong ? 20_000 : 2000
const seed = Number(process.env["CONVERGENCE_SEED"] ?? Date.now() % 1_000_000)
const random = makeRandom(seed)

const { bus, database, service } = await openBusScene()
const token = await serviceToken()

/** What the service has made of them. */
const kept = async (): Promise<ReadonlyMap<string, Sum>> => {
  const rows = await database.rows(
    `SELECT customer_id AS id, order_count AS orders, total_spent * 100 AS cents,
       average_order_value * 10000 AS average, last_order_at AS "lastOrder", loyalty_points AS points
     FROM customer_metrics`
  )
  return new Map(
    rows.map(({ average, cents, id, lastOrder, orders, points }) => [
      String(id),
      {
        orders: Number(orders),
        cents: Number(cents),
        average: Number(average),
        lastOrder: lastOrder instanceof Date ? lastOrder.toISOString() : undefined,
        points: Number(points)
      }
    ])
  )
}

test("messages in any order, a tenth of them doubled, come to exactly what a plain recomputation gives", async () => {
  const customers = await Promise.all(Array.from({ length: 100 }, () => createCustomer(service)))
  const ids = customers.map(({ id }) => id)
  const told = makeTellings(ids, count, random)
  const started = performance.now()
  await Promise.all([
    publishAll(bus, topics.orders, disorder(told.orders, random)),
    publishAll(bus, topics.points, disorder(told.points, random))
  ])
  const messages = told.orders.length + told.points.length
  const processed = () => database.rows("SELECT count(*)::int AS count FROM processed_events")
  await vi.waitUntil(async () => (await processed())[0]?.["count"] === messages, { timeout: 300_000, interval: 50 })
  const seconds = (performance.now() - started) / 1000
  process.stderr.write(`convergence, seed ${seed}: ${messages} messages in ${seconds.toFixed(1)} s\n`)
  for (const topic of Object.values(topics)) await untilAnswered(bus, topic)

  const sums = recompute(ids, told)
  expect(await kept()).toEqual(sums)
  for (const { id, path } of customers) {
    const { segment } = customerIn(await service.send("GET", path, { token }))
    expect(segment).toMatchObject({ orderCount: sums.get(id)?.orders, loyaltyPoints: sums.get(id)?.points })
  }
  expect(await database.rows("SELECT 1 FROM dead_letters UNION ALL SELECT 1 FROM parked_events")).toEqual([])
}, 400_000)
