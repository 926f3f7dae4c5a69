import { afterAll, expect, test } from "vitest"
import { startBusProxy } from "./support/busProxy.ts"
import { openBusScene, startBus, untilRelayed } from "./support/busScene.ts"
import { createCustomer } from "./support/customers.ts"
import { ledgerOf } from "./support/eventLedger.ts"
import { inLanes } from "./support/lanes.ts"
import { published } from "./support/publishedEvents.ts"
import { untilReviewed } from "./support/timelines.ts"
import { serviceToken } from "./support/tokens.ts"

const customers = 300
const changesEach = 5
const membershipsEach = 3

const bus = await startBus()
const [oneWay, otherWay] = [await startBusProxy(bus.sidecar.url), await startBusProxy(bus.sidecar.url)]
afterAll(() => [oneWay, otherWay].forEach(({ close }) => close()))
const { database, service, startAnother } = await openBusScene({ DAPR_HTTP_PORT: oneWay.port }, bus)
const other = await startAnother({ DAPR_HTTP_PORT: otherWay.port })

/** So many requests to publish that a replica took part in the work, and not by chance. */
const isMany = (requests: number): boolean => requests > 20

test("two replicas that relay at once lose nothing, and keep the order of each customer", async () => {
  const token = await serviceToken()
  const both = [service, other]
  await inLanes(
    Array.from({ length: customers }, (_, index) => index),
    16,
    async (index) => {
      const customer = await createCustomer(service)
      for (let change = 1; change <= changesEach; change += 1) {
        const on = both[(index + change) % 2] ?? service
        const body = { profile: { firstName: `Jane ${change}` } }
        expect((await on.send("PUT", customer.path, { token, body })).status).toBe(200)
      }
      await untilReviewed(database, customer)
    }
  )
  await untilRelayed(database)
  const events = await published(bus.redis.url)
  expect([oneWay.passed(), otherWay.passed()]).toEqual([expect.toSatisfy(isMany), expect.toSatisfy(isMany)])
  expect(await ledgerOf(database, events)).toEqual({
    committed: customers * (1 + changesEach + membershipsEach),
    duplicates: 0,
    losses: 0,
    uncommitted: 0,
    outOfOrder: []
  })
}, 120_000)
