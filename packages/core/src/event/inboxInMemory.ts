import { Clock, DateTime, Effect, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import type { CustomerId, CustomerReference } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import { memoryWriter } from "../customer/memoryWriter.ts"
import { compareTellings, figuresOf } from "../order/Figures.ts"
import { CorrelationId } from "../request/CorrelationId.ts"
import { envelopDeadLetter } from "./EventEnvelope.ts"
import { type Delivery, type Fate, Inbox, type Restating, type Undeliverable } from "./Inbox.ts"

type Memory = CustomerMemory["Service"]

/** Who a reference names: her id, or that she was erased; undefined where nobody is there. */
const find = ({ customers, erased }: Memory, reference: CustomerReference): CustomerId | "erased" | undefined => {
  if (reference._tag === "Id") {
    if (customers.has(reference.id)) return reference.id
    return erased.has(reference.id) ? "erased" : undefined
  }
  return customers.values().find(({ legacyId }) => legacyId === reference.legacyId)?.id
}

/** Keeps what is told of a customer where it is told later than what is known; answers whose figures it changes. */
const record = (memory: Memory, { fact }: Delivery, customerId: CustomerId): ReadonlyArray<CustomerId> => {
  if (fact._tag === "Points") {
    memory.points.set(fact.points.eventId, { ...fact.points, customerId })
    return [customerId]
  }
  const before = memory.orders.get(fact.order.orderId)
  if (before !== undefined && compareTellings(fact.order, before) <= 0) return []
  memory.orders.set(fact.order.orderId, { ...fact.order, customerId })
  return before === undefined ? [customerId] : [customerId, before.customerId]
}

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const random = yield* SecureRandom.SecureRandom
  const write = yield* memoryWriter
  const clock = yield* Clock.Clock
  const { customers, deadLetters, parked, processed, standings } = memory
  const oneAtATime = memory.writing.withPermits(1)

  const figures = (id: CustomerId, restating: Restating) =>
    figuresOf(
      [...memory.orders.values()].filter(({ customerId }) => customerId === id),
      [...memory.points.values()].filter(({ customerId }) => customerId === id),
      restating.policy
    )

  const restate = Effect.fnUntraced(function* (id: CustomerId, restating: Restating) {
    const customer = customers.get(id)
    if (customer === undefined) return
    const standing = standings.get(id) ?? { updatedAt: customer.createdAt }
    yield* write(restating.restate(customer, standing, figures(id, restating)))
  })

  const isLetterOf =
    ({ eventId, topic }: Delivery | Undeliverable) =>
    (letter: { readonly eventId: string; readonly topic: string }): boolean =>
      letter.eventId === eventId && letter.topic === topic

  const settled = (message: Delivery): void => {
    processed.add(message.eventId)
    parked.delete(message.eventId)
    for (const letter of deadLetters.values()) if (isLetterOf(message)(letter)) deadLetters.delete(letter.id)
  }

  const apply = Effect.fnUntraced(function* (delivery: Delivery, restating: Restating, touched: Set<CustomerId>) {
    if (processed.has(delivery.eventId)) return "known" as const
    const id = find(memory, delivery.customer)
    if (id === undefined) {
      const { customer, eventId, message, topic } = delivery
      if (!parked.has(eventId)) {
        parked.set(eventId, { topic, eventId, customer, message, until: restating.parkedUntil.epochMilliseconds })
      }
      return "parked" as const
    }
    settled(delivery)
    if (id === "erased") return "known" as const
    for (const changed of record(memory, delivery, id)) {
      touched.add(changed)
      yield* restate(changed, restating)
    }
    return "applied" as const
  })

  const giveUp = Effect.fnUntraced(function* (undeliverable: Undeliverable) {
    const { detail, eventId, message, reason, topic } = undeliverable
    if (processed.has(eventId)) return "known" as const
    parked.delete(eventId)
    if (deadLetters.values().some(isLetterOf(undeliverable))) return "dead" as const
    const id = yield* random.uuidV7()
    const now = yield* DateTime.now
    deadLetters.set(id, { id, topic, eventId, reason, detail, message, since: now })
    memory.events.push(yield* envelopDeadLetter({ deadLetterId: id, topic, eventId, reason, detail }, now))
    return "dead" as const
  })

  const take = (
    message: Delivery | Undeliverable,
    restating: Restating,
    touched: Set<CustomerId>
  ): Effect.Effect<Fate> =>
    (message._tag === "Delivery"
      ? Effect.provideService(apply(message, restating, touched), CorrelationId, message.correlationId)
      : giveUp(message)
    ).pipe(Effect.provideService(SecureRandom.SecureRandom, random))

  const namedIn = (messages: ReadonlyArray<Delivery | Undeliverable>): ReadonlyArray<CustomerId> =>
    messages.flatMap(({ customer }) => {
      const id = customer === undefined ? undefined : find(memory, customer)
      return id === undefined || id === "erased" ? [] : [id]
    })

  return Inbox.of({
    receive: Effect.fnUntraced(function* (messages, restating) {
      const touched = new Set<CustomerId>()
      const fates = yield* Effect.forEach(messages, (message) => take(message, restating, touched))
      const ids = new Set([...namedIn(messages), ...touched])
      return { fates, customers: [...ids].flatMap((id) => customers.get(id) ?? []) }
    }, oneAtATime),
    dueParked: (most) =>
      Effect.sync(() => {
        const now = clock.currentTimeMillisUnsafe()
        return [...parked.values()]
          .map(({ customer, until, ...message }) => ({
            ...message,
            isThere: find(memory, customer) !== undefined,
            isOver: until <= now
          }))
          .filter(({ isOver, isThere }) => isOver || isThere)
          .slice(0, most)
          .map(({ eventId, isOver, isThere, message, topic }) => ({
            eventId,
            topic,
            message,
            isOver: isOver && !isThere
          }))
      }),
    dead: (most) => Effect.sync(() => [...deadLetters.values()].slice(0, most)),
    findDead: (id) => Effect.sync(() => Option.fromNullishOr(deadLetters.get(id))),
    dropDead: (id) => Effect.sync(() => deadLetters.delete(id)),
    counts: Effect.sync(() => ({ parked: parked.size, dead: deadLetters.size }))
  })
})

/** Messages for the customers in memory. */
export const layerMemory: Layer.Layer<Inbox, never, CustomerMemory | SecureRandom.SecureRandom> = Layer.effect(
  Inbox,
  make
)
