import { CustomerStandings, IncomingEvents, StandingDecisions, StandingPolicy } from "@customer-service/core"
import type { CustomerId, IncomingMessage, OrderEntry, PointsEntry } from "@customer-service/core"
import { freshWord, orderMessage, pointsMessage } from "@customer-service/core/testing"
import { BigDecimal, DateTime, Effect } from "effect"

/** An order that was just completed. */
const orderOf = Effect.fnUntraced(function* (total: string, details: Partial<OrderEntry> = {}) {
  const now = yield* DateTime.now
  const [orderId, eventId] = [freshWord(), freshWord()]
  const order = { orderId, total: BigDecimal.fromStringUnsafe(total), completedAt: now, occurredAt: now, eventId }
  return { ...order, ...details } satisfies OrderEntry
})

/** Points that were just earned. */
const pointsOf = Effect.fnUntraced(function* (points: number) {
  return { eventId: freshWord(), points, occurredAt: yield* DateTime.now } satisfies PointsEntry
})

/** The same message with more in it than this service asks for. */
export const saying = ({ data, ...message }: IncomingMessage, note: string): IncomingMessage => ({
  ...message,
  data: { ...Object(data), note }
})

/** Something of each kind that another service may say about a customer, each with a note. */
export const everyMessage = Effect.fnUntraced(function* (names: ReadonlyArray<number | string>, note: string) {
  const orders = yield* Effect.forEach(names, (name) =>
    Effect.map(orderOf("1500"), (entry) => orderMessage(name, entry))
  )
  const points = yield* Effect.forEach(names, (name) => Effect.map(pointsOf(50), (entry) => pointsMessage(name, entry)))
  return [...orders, ...points].map((message) => saying(message, note))
})

/** A message that is about nobody, and makes no sense. */
export const senseless = (note: string): IncomingMessage => ({
  topic: "orders.order.completed",
  id: freshWord(),
  data: { note }
})

/** Puts a colleague's word in the place of what the rules say of a customer. */
export const override = Effect.fnUntraced(function* (id: CustomerId, reason: string) {
  const standings = yield* CustomerStandings.CustomerStandings
  const now = yield* DateTime.now
  const actor = { kind: "staff", subject: "ada", scopes: new Set(["customers:admin"]) } as const
  const request = { tier: "vip", segment: "wholesale", reason } as const
  return yield* standings.modify(id, (customer, record) =>
    StandingDecisions.override(customer, record, request, StandingPolicy.defaultValue(), { actor, now })
  )
})

/** Takes messages in; answers what became of them. */
export const { receive, receiveUndelivered } = IncomingEvents
