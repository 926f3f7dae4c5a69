import { DateTime, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { envelop, type WrittenEvent } from "../event/EventEnvelope.ts"
import { CorrelationId } from "../request/CorrelationId.ts"
import type { CustomerFacts } from "../segment/changedFields.ts"
import { ReviewBell } from "../segment/ReviewBell.ts"
import { markWrite } from "../segment/reviewMarksInMemory.ts"
import type { Change, Customer } from "./Customer.ts"
import type { CustomerId } from "./CustomerId.ts"
import { CustomerMemory, keepRecords } from "./CustomerMemory.ts"

type Memory = CustomerMemory["Service"]

/** What is told of a change: its events, what ties them to what caused it, and when it is made. */
export interface Telling {
  readonly at: DateTime.Utc
  readonly events: ReadonlyArray<WrittenEvent>
  readonly correlationId: string | undefined
}

/** What there is to tell of a change by whoever makes it now. */
export const tellingOf = ({ customer, events }: Change): Effect.Effect<Telling, never, SecureRandom.SecureRandom> =>
  Effect.all({ at: DateTime.now, events: envelop(customer, events), correlationId: CorrelationId })

const factsOf = ({ customers, standings }: Memory, id: CustomerId): CustomerFacts | undefined => {
  const customer = customers.get(id)
  return customer === undefined ? undefined : { customer, lastOrderAt: standings.get(id)?.lastOrderAt }
}

/**
 * Keeps a change in memory, with everything that belongs to it and the mark that her memberships are to be reviewed.
 * Whoever calls it holds the memory's one permit.
 */
export const keepChange = (memory: Memory, change: Change, { at, correlationId, events }: Telling): Customer => {
  const { consents, customer } = change
  const before = factsOf(memory, customer.id)
  memory.customers.set(customer.id, customer)
  memory.events.push(...events)
  memory.consents.push(...consents.map((consent) => ({ ...consent, customerId: customer.id })))
  keepRecords(memory, change, correlationId)
  const after = factsOf(memory, customer.id)
  if (after !== undefined) markWrite(memory, before, after, { at, correlationId })
  return customer
}

const takeMarked = ({ marked }: Memory): ReadonlyArray<CustomerId> => {
  const ids = [...marked]
  marked.clear()
  return ids
}

/** Has writes happen one at a time; once one is through, the bell is rung for those whom it marked. */
export const oneWriteAtATime = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const bell = yield* ReviewBell
  const ring = (ids: ReadonlyArray<CustomerId>) => (ids.length === 0 ? Effect.void : bell.ring(ids))
  return <A, E, R>(write: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    write.pipe(
      Effect.onError(() => Effect.sync(() => memory.marked.clear())),
      Effect.map((value) => ({ value, ids: takeMarked(memory) })),
      memory.writing.withPermits(1),
      Effect.flatMap(({ ids, value }) => Effect.as(ring(ids), value))
    )
})

/** Writes a change that was decided under the memory's one permit. */
export const memoryWriter = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const random = yield* SecureRandom.SecureRandom
  return (change: Change): Effect.Effect<Customer> =>
    tellingOf(change).pipe(
      Effect.provideService(SecureRandom.SecureRandom, random),
      Effect.map((telling) => keepChange(memory, change, telling))
    )
})
