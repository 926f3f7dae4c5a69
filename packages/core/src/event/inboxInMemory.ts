import { Clock, DateTime, Effect, Layer, Option, Struct } from "effect"
import { SecureRandom } from "effect/crypto"
import type { CustomerId, CustomerReference } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import { type MemoryUndo, memoryUndo } from "../customer/memoryUndo.ts"
import { memoryWriter, oneWriteAtATime } from "../customer/memoryWriter.ts"
import { toldInMemory } from "../order/toldInMemory.ts"
import { CorrelationId } from "../request/CorrelationId.ts"
import { envelopDeadLetter } from "./EventEnvelope.ts"
import { type DeadLetter, type Delivery, type Fate, Inbox, type Restating, type Undeliverable } from "./Inbox.ts"

type Memory = CustomerMemory["Service"]
type Message = Delivery | Undeliverable

/** Who a reference names: her id, or that she was erased; undefined where nobody is there. */
const find = ({ customers, erased }: Memory, reference: CustomerReference): CustomerId | "erased" | undefined => {
  if (reference._tag === "Id") {
    if (customers.has(reference.id)) return reference.id
    return erased.has(reference.id) ? "erased" : undefined
  }
  return customers.values().find(({ legacyId }) => legacyId === reference.legacyId)?.id
}

const isErased = (memory: Memory, { customer }: Undeliverable): boolean =>
  customer !== undefined && find(memory, customer) === "erased"

/** What tells one message from another: two services may use the same id. */
const keyOf = ({ eventId, topic }: Message): string => JSON.stringify([topic, eventId])

const isLetterOf =
  ({ eventId, topic }: Message) =>
  (letter: DeadLetter): boolean =>
    letter.eventId === eventId && letter.topic === topic

/** One batch of messages: how customers are written, whose figures changed, and how all of it is taken back. */
interface Batch {
  readonly restating: Restating
  readonly touched: Set<CustomerId>
  readonly undo: MemoryUndo
}

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const random = yield* SecureRandom.SecureRandom
  const write = yield* memoryWriter
  const clock = yield* Clock.Clock
  const told = toldInMemory(memory)
  const { customers, deadLetters, parked, processed, reviews, standings } = memory
  const oneAtATime = yield* oneWriteAtATime

  const restate = Effect.fnUntraced(function* (id: CustomerId, { restating, touched, undo }: Batch) {
    const customer = customers.get(id)
    if (customer === undefined) return
    const standing = standings.get(id) ?? { updatedAt: customer.createdAt }
    const change = restating.restate(customer, standing, told.figures(id, restating.policy))
    undo.note(customers, id)
    undo.note(standings, id)
    undo.note(reviews, id)
    yield* write(change)
    touched.add(id)
  })

  const takeOut = (message: Message, undo: MemoryUndo): void => {
    undo.note(parked, keyOf(message))
    parked.delete(keyOf(message))
  }

  const settle = (message: Delivery, undo: MemoryUndo): void => {
    undo.noteMember(processed, keyOf(message))
    processed.add(keyOf(message))
    takeOut(message, undo)
    for (const letter of [...deadLetters.values()].filter(isLetterOf(message))) {
      undo.note(deadLetters, letter.id)
      deadLetters.delete(letter.id)
    }
  }

  const park = (delivery: Delivery, { restating, undo }: Batch): void => {
    const { customer, eventId, message, topic } = delivery
    const key = keyOf(delivery)
    if (parked.has(key)) return
    undo.note(parked, key)
    parked.set(key, { topic, eventId, customer, message, until: restating.parkedUntil.epochMilliseconds })
  }

  const apply = Effect.fnUntraced(function* (delivery: Delivery, batch: Batch) {
    if (processed.has(keyOf(delivery))) return "known" as const
    const id = find(memory, delivery.customer)
    if (id === undefined) {
      park(delivery, batch)
      return "parked" as const
    }
    settle(delivery, batch.undo)
    if (id === "erased") return "known" as const
    const changed = told.record(delivery.fact, id, batch.undo)
    yield* Effect.forEach(changed, (each) => restate(each, batch), { discard: true })
    return "applied" as const
  })

  const giveUp = Effect.fnUntraced(function* (undeliverable: Undeliverable, { undo }: Batch) {
    const { detail, eventId, reason, topic } = undeliverable
    takeOut(undeliverable, undo)
    if (processed.has(keyOf(undeliverable)) || isErased(memory, undeliverable)) return "known" as const
    if (deadLetters.values().some(isLetterOf(undeliverable))) return "dead" as const
    const id = yield* random.uuidV7()
    const since = yield* DateTime.now
    undo.note(deadLetters, id)
    deadLetters.set(id, { id, since, ...Struct.omit(undeliverable, ["_tag"]) })
    memory.events.push(yield* envelopDeadLetter({ deadLetterId: id, topic, eventId, reason, detail }, since))
    return "dead" as const
  })

  const take = (message: Message, batch: Batch): Effect.Effect<Fate> =>
    (message._tag === "Delivery"
      ? Effect.provideService(apply(message, batch), CorrelationId, message.correlationId)
      : giveUp(message, batch)
    ).pipe(Effect.provideService(SecureRandom.SecureRandom, random))

  const namedIn = (messages: ReadonlyArray<Message>): ReadonlyArray<CustomerId> =>
    messages.flatMap(({ customer }) => {
      const id = customer === undefined ? undefined : find(memory, customer)
      return id === undefined || id === "erased" ? [] : [id]
    })

  const takeAll = Effect.fnUntraced(function* (messages: ReadonlyArray<Message>, batch: Batch) {
    const fates = yield* Effect.forEach(messages, (message) => take(message, batch))
    const ids = new Set([...namedIn(messages), ...batch.touched])
    return { fates, customers: [...ids].flatMap((id) => customers.get(id) ?? []) }
  })

  const dueAt = (now: number) =>
    [...parked.values()].flatMap(({ customer, until, ...message }) => {
      const isThere = find(memory, customer) !== undefined
      return isThere || until <= now ? [{ ...message, isOver: !isThere }] : []
    })

  const shown = (letter: DeadLetter & { readonly customer?: unknown }): DeadLetter => Struct.omit(letter, ["customer"])

  return Inbox.of({
    receive: (messages, restating) =>
      Effect.suspend(() => {
        const undo = memoryUndo(memory)
        const batch = { restating, touched: new Set<CustomerId>(), undo }
        return Effect.onError(takeAll(messages, batch), () => Effect.sync(undo.run))
      }).pipe(oneAtATime),
    dueParked: (most) => Effect.sync(() => dueAt(clock.currentTimeMillisUnsafe()).slice(0, most)),
    dead: (most) => Effect.sync(() => [...deadLetters.values()].slice(0, most).map(shown)),
    findDead: (id) => Effect.sync(() => Option.map(Option.fromNullishOr(deadLetters.get(id)), shown)),
    dropDead: (id) => Effect.sync(() => deadLetters.delete(id)),
    counts: Effect.sync(() => ({ parked: parked.size, dead: deadLetters.size }))
  })
})

/** Messages for the customers in memory. */
export const layerMemory: Layer.Layer<Inbox, never, CustomerMemory | SecureRandom.SecureRandom> = Layer.effect(
  Inbox,
  make
)
