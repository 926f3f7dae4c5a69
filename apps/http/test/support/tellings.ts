import { orderCompleted, pointsEarned } from "./orders.ts"
import type { makeRandom } from "./random.ts"

type Random = ReturnType<typeof makeRandom>
type Order = ReturnType<typeof orderCompleted>
type Points = ReturnType<typeof pointsEarned>

/** Messages of other services, each once, in no order. */
export interface Tellings {
  readonly orders: ReadonlyArray<Order>
  readonly points: ReadonlyArray<Points>
}

const begin = Date.parse("2023-01-01T00:00:00Z")

/** Few enough seconds that some messages have the same time. */
const moment = (random: Random): string => new Date(begin + random.below(5000) * 10_000).toISOString()

const amountOf = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`

const pick = (all: ReadonlyArray<string>, random: Random): string => all[random.below(all.length)] ?? ""

/** An order of anybody; every fifth is told of a second time, sometimes as somebody else's. */
const tellOrder = (customers: ReadonlyArray<string>, index: number, random: Random): Order => {
  const number = index > 0 && random.below(5) === 0 ? random.below(index) : index
  const customerId = pick(customers, random)
  const total = amountOf(random.below(100_000))
  const times = { timestamp: moment(random), completedAt: moment(random) }
  return orderCompleted({ customerId, orderId: `order-${number}`, eventId: `order-event-${index}`, total, ...times })
}

const tellPoints = (customers: ReadonlyArray<string>, index: number, random: Random): Points => {
  const balance = random.below(10) === 0 ? { balance: random.below(5000) } : {}
  const [customerId, timestamp] = [pick(customers, random), moment(random)]
  return pointsEarned({ customerId, points: random.below(200), timestamp, eventId: `points-${index}`, ...balance })
}

/** So many orders of these customers, and for every fifth one message of points. */
export const makeTellings = (customers: ReadonlyArray<string>, count: number, random: Random): Tellings => ({
  orders: Array.from({ length: count }, (_, index) => tellOrder(customers, index, random)),
  points: Array.from({ length: Math.floor(count / 5) }, (_, index) => tellPoints(customers, index, random))
})

/** The messages in another order, every tenth of them twice. */
export const disorder = <A>(all: ReadonlyArray<A>, random: Random): ReadonlyArray<A> => {
  const shuffled = [...all, ...all.filter(() => random.below(10) === 0)]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1)
    const [one, two] = [shuffled[last], shuffled[other]]
    if (one !== undefined && two !== undefined) [shuffled[last], shuffled[other]] = [two, one]
  }
  return shuffled
}

/** What all messages about somebody come to; money in cents, the average in hundredths of a cent. */
export interface Sum {
  readonly orders: number
  readonly cents: number
  readonly average: number
  readonly lastOrder: string | undefined
  readonly points: number
}

const isLater = (one: Order | Points, other: Order | Points): boolean =>
  one.timestamp > other.timestamp || (one.timestamp === other.timestamp && one.eventId > other.eventId)

const centsOf = ({ data }: Order): number => Number(String(data.total).replace(".", ""))

const sumOf = (orders: ReadonlyArray<Order>, points: ReadonlyArray<Points>): Sum => {
  const cents = orders.reduce((sum, order) => sum + centsOf(order), 0)
  const balances = points.filter(({ data }) => data.balance !== undefined)
  const newest = balances.find((one) => balances.every((other) => one === other || isLater(one, other)))
  const after = points.filter((one) => newest === undefined || isLater(one, newest))
  return {
    orders: orders.length,
    cents,
    average: orders.length === 0 ? 0 : Math.round((cents * 100) / orders.length),
    lastOrder: orders
      .map(({ data }) => data.completedAt)
      .toSorted()
      .at(-1),
    points: after.reduce((sum, { data }) => sum + data.points, newest?.data.balance ?? 0)
  }
}

/** What the messages come to, customer by customer, computed plainly and from nothing else. */
export const recompute = (customers: ReadonlyArray<string>, { orders, points }: Tellings): ReadonlyMap<string, Sum> => {
  const latest = new Map<string, Order>()
  for (const order of orders) {
    const before = latest.get(order.data.orderId)
    if (before === undefined || isLater(order, before)) latest.set(order.data.orderId, order)
  }
  return new Map(
    customers.map((id) => [
      id,
      sumOf(
        [...latest.values()].filter(({ data }) => data.customerId === id),
        points.filter(({ data }) => data.customerId === id)
      )
    ])
  )
}
