import { assert } from "@effect/vitest"
import { Effect, Option, Struct } from "effect"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { OutboxEvent } from "../event/EventEnvelope.ts"
import { type Claim, type ClaimedEvent, Outbox, type Settlement } from "../event/Outbox.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshWord, registration } from "./strangers.ts"

/** Seconds of leases and retries: more than a busy machine takes for a test. */
export const short = 10

/** So much has passed when those are over. */
export const afterShort = "11 seconds"

/** A new customer, told of by one event. */
export const newcomer: Effect.Effect<CustomerId, never, CustomerRepository> = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  const { id } = yield* Effect.orDie(repository.insert(registration()))
  return id
})

/** Another name for a customer, `seconds` after she came, told of by one event. */
export const rename = Effect.fnUntraced(function* (id: CustomerId, seconds = 60) {
  const repository = yield* CustomerRepository
  const profile = { firstName: freshWord() }
  return yield* repository.modify(id, (current) => Decisions.update(current, { profile }, circumstances(seconds)))
})

/** A new customer, told of by so many events. */
export const customerWith = Effect.fnUntraced(function* (events: number) {
  const id = yield* newcomer
  for (let count = 1; count < events; count++) yield* rename(id)
  return id
})

/** Claims until nobody's events are due any more; every claim is still to be settled. */
export const claimAll = (options: { readonly most?: number; readonly leaseSeconds?: number } = {}) =>
  Effect.gen(function* () {
    const outbox = yield* Outbox
    const claim = outbox.claim({ most: 1000, leaseSeconds: 60, ...options })
    const claims: Array<Claim> = []
    for (let next = yield* claim; Option.isSome(next); next = yield* claim) claims.push(next.value)
    return claims
  })

type OutcomeOf = (event: ClaimedEvent) => Partial<Settlement>

export const published: OutcomeOf = ({ position }) => ({ published: [position] })

/** Refused, to be tried again in so many seconds, or never. */
export const refused =
  (retrySeconds: number | undefined, reason = "too large"): OutcomeOf =>
  ({ position }) => ({ refused: [{ position, reason, retrySeconds }] })

export const delayed =
  (retrySeconds: number): OutcomeOf =>
  ({ position }) => ({ delayed: [{ position, retrySeconds }] })

export const untried: OutcomeOf = () => ({})

/** Gives claims back, with what became of each event. */
export const settleAll = Effect.fnUntraced(function* (claims: ReadonlyArray<Claim>, outcomeOf: OutcomeOf) {
  const outbox = yield* Outbox
  for (const claim of claims) {
    const outcomes = claim.events.map(outcomeOf)
    yield* outbox.settle(claim, {
      published: outcomes.flatMap((outcome) => outcome.published ?? []),
      refused: outcomes.flatMap((outcome) => outcome.refused ?? []),
      delayed: outcomes.flatMap((outcome) => outcome.delayed ?? [])
    })
  }
})

/** Claims whatever is due and settles it. */
export const claimAndSettle = Effect.fnUntraced(function* (outcomeOf: OutcomeOf) {
  const claims = yield* claimAll()
  yield* settleAll(claims, outcomeOf)
  return claims
})

/** Publishes whatever is due. */
export const emptied = Effect.gen(function* () {
  for (let claims = yield* claimAndSettle(published); claims.length > 0; claims = yield* claimAndSettle(published));
})

/** What of a customer has been claimed, in order. */
export const claimedOf = (claims: ReadonlyArray<Claim>, id: CustomerId) =>
  claims.flatMap(({ events }) => events.filter(({ customerId }) => customerId === id))

/** An event as it was written, without what the outbox says of it. */
export const bare = (event: ClaimedEvent): OutboxEvent =>
  Struct.pick(event, ["customerId", "customerVersion", "envelope", "topic"])

/** The ids of a customer's events, as they were written. */
export const eventIdsOf = Effect.fnUntraced(function* (id: CustomerId) {
  const facts = yield* StoredFacts
  const events = yield* facts.events(id)
  return events.map(({ envelope }) => envelope.eventId)
})

/** Which of each of these customers' events are due, by their place among all of hers, and how many are anybody's. */
export const dueNow = Effect.fnUntraced(function* (ids: ReadonlyArray<CustomerId>) {
  const claims = yield* claimAndSettle(untried)
  const places = yield* Effect.forEach(ids, (id) =>
    Effect.map(eventIdsOf(id), (written) =>
      claimedOf(claims, id).map(({ envelope }) => written.indexOf(envelope.eventId))
    )
  )
  return { claims, places, count: claims.reduce((sum, { events }) => sum + events.length, 0) }
})

/** Makes sure that exactly these of a customer's events are due, by their place among all of hers. */
export const assertDue = Effect.fnUntraced(function* (id: CustomerId, expected: ReadonlyArray<number>) {
  const { claims, places } = yield* dueNow([id])
  assert.deepStrictEqual(places, [expected])
  return claimedOf(claims, id)
})
