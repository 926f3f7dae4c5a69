import { assert } from "@effect/vitest"
import { Array, DateTime, Effect, Exit, Option, Result, Schema, Struct } from "effect"
import type { AuditEntry } from "../customer/AuditEntry.ts"
import type { Change, Customer } from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import { CustomerEvent, topicOf } from "../customer/CustomerEvent.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { OutboxEvent } from "../event/EventEnvelope.ts"
import { CorrelationId } from "../request/CorrelationId.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { bringing, circumstances, freshAddressId, plain, registration } from "./strangers.ts"

const address = { street: "1 Main St", city: "Springfield", country: "US", zipCode: "62701" }

const moveIn = (current: Customer): Result.Result<Change, unknown> =>
  Result.gen(function* () {
    const profile = { firstName: "Zoë" }
    const preferences = { marketing: { emailOptIn: false }, privacy: { cookieConsent: true } }
    const renamed = yield* Decisions.update(current, { profile, preferences }, circumstances(60))
    const housed = yield* Decisions.addAddress(renamed.customer, address, freshAddressId(), 10, circumstances(60))
    return { ...housed, events: [...renamed.events, ...housed.events], consents: renamed.consents }
  })

const encodeEvent = Schema.encodeSync(CustomerEvent)

/** The events of changes as they are to be found, without the ids that are made for them. */
const expectedEvents = (changes: ReadonlyArray<Change>, correlationId: string) =>
  changes.flatMap(({ customer, events }) =>
    events.map((event) => {
      const { _tag: eventType, ...data } = encodeEvent(event)
      const timestamp = DateTime.formatIso(customer.updatedAt)
      return {
        topic: topicOf[eventType],
        customerId: customer.id,
        customerVersion: customer.version,
        envelope: {
          eventType,
          version: "1.0",
          timestamp,
          source: "customer-service",
          data,
          metadata: { correlationId }
        }
      }
    })
  )

/** Entries of the audit that differ; every second one has a reason. */
const audit = (position: number): AuditEntry => {
  const { actor, now } = circumstances(position)
  const entry = { actorKind: actor.kind, actor: actor.subject, at: now }
  return position % 2 === 0
    ? { ...entry, action: "suspended", reason: `chargeback no. ${position}: „Zoë“\nsaid so` }
    : { ...entry, action: "reactivated" }
}

const withoutId = ({ envelope, ...event }: OutboxEvent) => ({ ...event, envelope: Struct.omit(envelope, ["eventId"]) })

const everythingAbout = Effect.fnUntraced(function* (id: Customer["id"]) {
  const repository = yield* CustomerRepository
  const facts = yield* StoredFacts
  const found = yield* Effect.option(repository.get(id))
  return {
    customer: Option.map(found, plain),
    events: yield* facts.events(id),
    consents: yield* facts.consents(id),
    audits: yield* facts.audits(id),
    passwordHash: yield* facts.passwordHash(id)
  }
})

/** What is kept beside a customer, and that nothing is kept of what failed. */
export const keptFacts = (it: ContractSuite<CustomerRepository | StoredFacts>): void => {
  it.effect("events and consents of a change are kept with it, in order", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const facts = yield* StoredFacts
      const registered = registration({ preferences: { marketing: { smsOptIn: true } } })
      const { id } = registered.customer
      const moved = Result.getOrThrow(moveIn(registered.customer))
      yield* repository.insert(registered)
      yield* repository.modify(id, () => Result.succeed(moved))
      const events = yield* facts.events(id)
      assert.deepStrictEqual<unknown>(
        events.map(withoutId),
        expectedEvents([registered, moved], "contract-correlation")
      )
      assert.strictEqual(new Set(events.map((event) => event.envelope.eventId)).size, 3)
      assert.deepStrictEqual(yield* facts.consents(id), [...registered.consents, ...moved.consents])
    }).pipe(Effect.provideService(CorrelationId, "contract-correlation"))
  )

  it.effect("the password hash of a new customer is kept beside her", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const facts = yield* StoredFacts
      const withPassword = yield* repository.insert({ ...registration(), passwordHash: "$argon2id$v=19$hash" })
      const without = yield* repository.insert(registration())
      assert.deepStrictEqual(yield* facts.passwordHash(withPassword.id), Option.some("$argon2id$v=19$hash"))
      assert.deepStrictEqual(yield* facts.passwordHash(without.id), Option.none())
      assert.notInclude(JSON.stringify(yield* facts.events(withPassword.id)), "argon2id")
    })
  )

  it.effect("audits of a change are kept with it, in order, also where she herself stays as she is", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const facts = yield* StoredFacts
      const audits = Array.makeBy(5, audit)
      const { id } = yield* repository.insert({ ...registration(), audits: audits.slice(0, 1) })
      const before = plain(yield* repository.get(id))
      yield* repository.modify(id, bringing({ audits: audits.slice(1, 3) }))
      assert.deepStrictEqual(plain(yield* repository.get(id)), before)
      const rename = (current: Customer) =>
        Result.map(
          Decisions.update(current, { profile: { firstName: "Zoë" } }, circumstances(60)),
          (change): Change => ({ ...change, audits: audits.slice(3) })
        )
      assert.strictEqual((yield* repository.modify(id, rename)).version, 2)
      assert.deepStrictEqual(yield* facts.audits(id), audits)
    })
  )

  it.effect("a failed decision leaves no row and no event", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const { id, email } = yield* repository.insert(registration())
      const before = yield* everythingAbout(id)
      const refused = yield* Effect.flip(
        repository.modify(id, (current) => Decisions.removeAddress(current, freshAddressId(), circumstances(60)))
      )
      assert.strictEqual(refused._tag, "AddressNotFound")
      const broken = repository.modify(id, () => {
        throw new Error("a decision with a flaw")
      })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(broken)))
      assert.deepStrictEqual(yield* everythingAbout(id), before)

      const taken = { ...registration({ email }), audits: [audit(0)], passwordHash: "$argon2id$v=19$hash" }
      assert.strictEqual((yield* Effect.flip(repository.insert(taken)))._tag, "EmailTaken")
      const nothing = { customer: Option.none(), events: [], consents: [], audits: [], passwordHash: Option.none() }
      assert.deepStrictEqual(yield* everythingAbout(taken.customer.id), nothing)

      const afterwards = yield* repository.modify(id, moveIn)
      assert.strictEqual(afterwards.version, 3)
    })
  )
}
