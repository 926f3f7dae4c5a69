import { setTimeout as pause } from "node:timers/promises"
import { cloudEventOf, ordersTopic } from "../events/orderEvents.ts"
import { nothingMeasured } from "../Measurement.ts"
import type { Measured } from "../scenarios/slices.ts"
import { customerId } from "../seededCustomers.ts"
import type { Service } from "../services.ts"
import { percentile } from "../statistics.ts"
import { ask } from "./ask.ts"
import { orderSegment } from "./rules.ts"

const perSecond = 10
const pauseMillis = 4
const longestMillis = 10_000

/** Whom to tell of orders, and by which tokens to ask what has come of it. */
export interface Telling {
  readonly service: Service
  readonly appToken: string
  readonly staff: string
}

/** Whether something shows that a customer belongs to the segment. */
type Look = (telling: Telling, customer: string) => Promise<boolean>

interface Memberships {
  readonly segments: ReadonlyArray<{ readonly name: string }>
}

/** What the customer's own memberships say: whoever asks has her looked at first. */
export const inMemberships: Look = async ({ service, staff }, customer) => {
  const { segments } = (await ask(service, staff, "GET", `/v1/customers/${customer}/segments`)) as Memberships
  return segments.some(({ name }) => name === orderSegment)
}

interface Members {
  readonly members: ReadonlyArray<{ readonly customer: { readonly id: string } }>
}

const numberOf = (customer: string): number => Number.parseInt(customer.slice(-12), 16)

/** What the segment's members say, from the one on who would stand before the customer: nobody is looked at for that. */
export const inMembers: Look = async ({ service, staff }, customer) => {
  const cursor = Buffer.from(customerId(numberOf(customer) - 1)).toString("base64url")
  const path = `/v1/customers/segments/${orderSegment}/members?limit=1&cursor=${cursor}`
  const { members } = (await ask(service, staff, "GET", path)) as Members
  return members[0]?.customer.id === customer
}

const deliver = async ({ appToken, service }: Telling, customer: string, number: number): Promise<void> => {
  const order = { number, customerId: customer, total: 60, completed: Date.now() }
  const answer = await fetch(`http://127.0.0.1:${service.port}/dapr/messages/${ordersTopic}`, {
    method: "POST",
    headers: { "dapr-api-token": appToken, "content-type": "application/cloudevents+json" },
    body: JSON.stringify(cloudEventOf(order))
  })
  const text = await answer.text()
  if (!answer.ok || !text.includes("SUCCESS")) throw new Error(`An order is answered with ${answer.status}: ${text}`)
}

interface Seen {
  /** Milliseconds from the order's delivery to its answer, and to what it changes being there; Infinity where it never is. */
  readonly applied: number
  readonly visible: number
}

const follow = async (telling: Telling, look: Look, customer: string, number: number): Promise<Seen> => {
  const start = performance.now()
  await deliver(telling, customer, number)
  const applied = performance.now() - start
  while (!(await look(telling, customer))) {
    if (performance.now() - start > longestMillis) return { applied, visible: Infinity }
    await pause(pauseMillis)
  }
  return { applied, visible: performance.now() - start }
}

const measurementOf = (millis: ReadonlyArray<number>): Measured[number][1] => {
  const never = millis.filter((each) => each === Infinity).length
  return {
    ...nothingMeasured("ours"),
    requests: millis.length,
    perSecond,
    p50: percentile(millis, 0.5),
    p95: percentile(millis, 0.95),
    p99: percentile(millis, 0.99),
    failures: never === 0 ? {} : { "never visible": never }
  }
}

/**
 * Tells of one order of each customer at an even pace, and looks until it shows that she has moved. Orders have numbers
 * from `first` on.
 */
export const measureVisibility = async (
  telling: Telling,
  [label, look]: readonly [string, Look],
  customers: ReadonlyArray<string>,
  first: number
): Promise<Measured> => {
  const began = performance.now()
  const seen = await Promise.all(
    customers.map(async (customer, place) => {
      await pause(Math.max(0, began + (place * 1000) / perSecond - performance.now()))
      return follow(telling, look, customer, first + place)
    })
  )
  return [
    [`order event applied, beside ${label}`, measurementOf(seen.map(({ applied }) => applied))],
    [`order event to ${label}`, measurementOf(seen.map(({ visible }) => visible))]
  ]
}
