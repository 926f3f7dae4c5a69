import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { envelop, type OutboxEvent } from "../event/EventEnvelope.ts"
import type { Change, Customer } from "./Customer.ts"
import { CustomerMemory, keepRecords } from "./CustomerMemory.ts"

/** Keeps a change in memory, with everything that belongs to it. Whoever calls it holds the memory's one permit. */
export const keepChange = (
  memory: CustomerMemory["Service"],
  change: Change,
  events: ReadonlyArray<OutboxEvent>
): Customer => {
  const { consents, customer } = change
  memory.customers.set(customer.id, customer)
  memory.events.push(...events)
  memory.consents.push(...consents.map((consent) => ({ ...consent, customerId: customer.id })))
  keepRecords(memory, change)
  return customer
}

/** Writes a change that was decided under the memory's one permit. */
export const memoryWriter = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const random = yield* SecureRandom.SecureRandom
  return (change: Change): Effect.Effect<Customer> =>
    envelop(change.customer, change.events).pipe(
      Effect.provideService(SecureRandom.SecureRandom, random),
      Effect.map((events) => keepChange(memory, change, events))
    )
})
