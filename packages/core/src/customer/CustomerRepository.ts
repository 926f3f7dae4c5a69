import { Clock, Context, Effect, Layer, Option, type Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { CredentialsChanged, TokenRefused } from "../identity/IdentityErrors.ts"
import { AlreadyAnswered, IdempotencyKeyReused, type Once } from "../request/Once.ts"
import { uniqueForm } from "../value/Email.ts"
import type { Change, Customer } from "./Customer.ts"
import { CustomerNotFound, EmailTaken, type StorageUnavailable } from "./CustomerErrors.ts"
import type { CustomerId, LegacyId } from "./CustomerId.ts"
import { CustomerMemory } from "./CustomerMemory.ts"
import { keepChange, oneWriteAtATime, type Telling, tellingOf } from "./memoryWriter.ts"
import { type CustomerPage, type CustomerQuery, pageOf } from "./CustomerQuery.ts"

/** What the write of a customer can fail with, whatever was decided. */
export type WriteError =
  | AlreadyAnswered
  | CredentialsChanged
  | EmailTaken
  | IdempotencyKeyReused
  | StorageUnavailable
  | TokenRefused

/**
 * Where customers are kept, each with her address book, events and consent ledger.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a customer read back equals the customer written
 * - get fails with CustomerNotFound for an id that is not there
 * - two concurrent creates of one email give exactly one EmailTaken, whatever the capitals
 * - 20 concurrent modifies of one customer lose none
 * - an 11th address racing the 10th never gets in
 * - a failed decision leaves no row and no event
 * - a decision that changes nothing writes nothing
 * - events and consents of a change are kept with it, in order
 * - the password hash of a new customer is kept beside her
 * - a change of address to one that somebody has fails with EmailTaken, whatever the capitals
 * - audits of a change are kept with it, in order, also where she herself stays as she is
 * - a legacy id leads to the customer it belongs to
 * - a write with a key happens once and replays its answer, also to a racing twin
 * - a key that comes back with another body fails with IdempotencyKeyReused
 * - a failed write with a key can be tried again under the same key
 * - getMany gives the customers that exist, in the order asked for
 * - list pages through all customers newest first without gap or repeat
 * - list keeps to its filters
 */
export class CustomerRepository extends Context.Service<
  CustomerRepository,
  {
    readonly get: (id: CustomerId) => Effect.Effect<Customer, CustomerNotFound | StorageUnavailable>
    readonly getMany: (ids: ReadonlyArray<CustomerId>) => Effect.Effect<ReadonlyArray<Customer>, StorageUnavailable>
    readonly findByLegacyId: (legacyId: LegacyId) => Effect.Effect<Option.Option<CustomerId>, StorageUnavailable>
    readonly list: (query: CustomerQuery) => Effect.Effect<CustomerPage, StorageUnavailable>
    /** Writes a new customer, with events, consents and password hash, in one transaction. */
    readonly insert: (change: Change, once?: Once) => Effect.Effect<Customer, WriteError>
    /**
     * Loads, decides, and writes in one transaction if nobody else wrote meanwhile; else decides again on what the
     * other wrote.
     */
    readonly modify: <E>(
      id: CustomerId,
      decide: (customer: Customer) => Result.Result<Change, E>,
      once?: Once
    ) => Effect.Effect<Customer, E | CustomerNotFound | WriteError>
  }
>()("@customer-service/core/CustomerRepository") {}

const startsWith = (text: string | undefined, prefix: string) => text?.toLowerCase().startsWith(prefix) ?? false

const matches = (customer: Customer, query: CustomerQuery): boolean => {
  const { profile, segment } = customer
  const prefix = query.q?.toLowerCase()
  const created = customer.createdAt.epochMilliseconds
  return (
    (query.email === undefined || uniqueForm(customer.email) === uniqueForm(query.email)) &&
    (prefix === undefined ||
      [customer.email, profile.firstName, profile.lastName].some((text) => startsWith(text, prefix))) &&
    (query.status === undefined || customer.status === query.status) &&
    (query.type === undefined || customer.customerType === query.type) &&
    (query.segment === undefined || segment.segment === query.segment) &&
    (query.tier === undefined || segment.tier === query.tier) &&
    (query.createdAfter === undefined || created > query.createdAfter.epochMilliseconds) &&
    (query.createdBefore === undefined || created < query.createdBefore.epochMilliseconds) &&
    (query.updatedAfter === undefined || customer.updatedAt.epochMilliseconds > query.updatedAfter.epochMilliseconds)
  )
}

const newestFirst = (one: Pick<Customer, "createdAt" | "id">, other: Pick<Customer, "createdAt" | "id">): number =>
  other.createdAt.epochMilliseconds - one.createdAt.epochMilliseconds ||
  (other.id < one.id ? -1 : other.id > one.id ? 1 : 0)

const make = Effect.gen(function* () {
  const memory = yield* CustomerMemory
  const random = yield* SecureRandom.SecureRandom
  const clock = yield* Clock.Clock
  const { customers, answers } = memory
  const oneAtATime = yield* oneWriteAtATime

  const find = (id: CustomerId) => {
    const customer = customers.get(id)
    return customer === undefined ? Effect.fail(new CustomerNotFound({ customerId: id })) : Effect.succeed(customer)
  }

  const answered = (once: Once | undefined) => {
    const earlier = once === undefined ? undefined : answers.get(once.key)
    if (once === undefined || earlier === undefined) return Effect.void
    return earlier.fingerprint === once.fingerprint
      ? Effect.fail(new AlreadyAnswered({ answer: earlier.answer }))
      : Effect.fail(new IdempotencyKeyReused())
  }

  const emailIsTaken = (customer: Customer): boolean =>
    customers
      .values()
      .some((other) => other.id !== customer.id && uniqueForm(other.email) === uniqueForm(customer.email))

  const isSpendable = ({ customer, spends }: Change, now: number): boolean => {
    if (spends === undefined) return true
    const token = memory.tokens.get(spends)
    return token?.customerId === customer.id && token.expiresAt.epochMilliseconds > now
  }

  const isOfEpoch = ({ customer, sessionEpoch }: Change): boolean =>
    sessionEpoch === undefined || (memory.sessionEpochs.get(customer.id) ?? 0) === sessionEpoch

  const write = (change: Change, telling: Telling, once: Once | undefined): Customer => {
    const customer = keepChange(memory, change, telling)
    if (once !== undefined) {
      const { fingerprint, key } = once
      answers.set(key, { customerId: customer.id, fingerprint, answer: once.answer(customer) })
    }
    return customer
  }

  const tell = (change: Change) => Effect.provideService(tellingOf(change), SecureRandom.SecureRandom, random)

  return CustomerRepository.of({
    get: (id) => Effect.suspend(() => find(id)),
    getMany: (ids) => Effect.sync(() => ids.flatMap((id) => customers.get(id) ?? [])),
    findByLegacyId: (legacyId) =>
      Effect.sync(() => {
        const found = customers.values().find((customer) => customer.legacyId === legacyId)
        return Option.map(Option.fromNullishOr(found), (customer) => customer.id)
      }),
    list: (query) =>
      Effect.sync(() => {
        const rows = [...customers.values()]
          .filter((customer) => matches(customer, query))
          .filter((customer) => query.after === undefined || newestFirst(query.after, customer) < 0)
          .sort(newestFirst)
        return pageOf(rows, query.limit)
      }),
    insert: Effect.fnUntraced(function* (change, once) {
      const telling = yield* tell(change)
      yield* answered(once)
      if (emailIsTaken(change.customer)) return yield* new EmailTaken()
      return write(change, telling, once)
    }, oneAtATime),
    modify: Effect.fnUntraced(function* (id, decide, once) {
      yield* answered(once)
      const current = yield* find(id)
      const change = yield* Effect.fromResult(decide(current))
      const telling = yield* tell(change)
      if (emailIsTaken(change.customer)) return yield* new EmailTaken()
      if (!isOfEpoch(change)) return yield* new CredentialsChanged({ customerId: id })
      if (!isSpendable(change, clock.currentTimeMillisUnsafe())) return yield* new TokenRefused()
      return write(change, telling, once)
    }, oneAtATime)
  })
})

/** Customers in this process's memory, for tests and for services that embed the core. */
export const layerMemory: Layer.Layer<CustomerRepository | CustomerMemory, never, SecureRandom.SecureRandom> =
  Layer.effect(CustomerRepository, make).pipe(Layer.provideMerge(CustomerMemory.layer))
