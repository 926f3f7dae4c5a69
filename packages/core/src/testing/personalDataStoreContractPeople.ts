import { DateTime, Effect, Option, Result } from "effect"
import type { Change, Customer } from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { CustomerId, LegacyId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { EventJournal } from "../event/EventJournal.ts"
import { Inbox } from "../event/Inbox.ts"
import type { Outbox } from "../event/Outbox.ts"
import { Credentials } from "../identity/Credentials.ts"
import type { MailQueue } from "../identity/MailQueue.ts"
import { VerificationTokens } from "../identity/VerificationTokens.ts"
import type { IncomingMessage } from "../order/IncomingMessage.ts"
import { PersonalDataStore } from "../privacy/PersonalDataStore.ts"
import { CorrelationId } from "../request/CorrelationId.ts"
import type { Once } from "../request/Once.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import * as StandingDecisions from "../segment/StandingDecisions.ts"
import type { SegmentMemberships } from "../segment/SegmentMemberships.ts"
import type { SegmentStore } from "../segment/SegmentStore.ts"
import type { StandingRecord } from "../segment/StandingRecord.ts"
import { Email } from "../value/Email.ts"
import { order, orderOf, points, pointsOf, policy, read, receive, undeliverable } from "./inboxContractMessages.ts"
import { orderMessage } from "./incomingMessages.ts"
import type { OrderMetrics } from "./OrderMetrics.ts"
import { belonging, belongingsOf } from "./personalDataStoreContractBelongings.ts"
import { StoredFacts } from "./StoredFacts.ts"
import {
  bringing,
  circumstances,
  freshAddressId,
  freshLegacyId,
  freshWord,
  registration,
  written
} from "./strangers.ts"

/** What the contract works with: everything that is kept beside a customer in the same store. */
export type PersonalDataServices =
  | Credentials
  | CustomerRepository
  | CustomerStandings
  | EventJournal
  | Inbox
  | MailQueue
  | OrderMetrics
  | Outbox
  | PersonalDataStore
  | SegmentMemberships
  | SegmentStore
  | StoredFacts
  | VerificationTokens

/** Somebody of whom all is known: `word` stands in every text of hers, `phone` wherever there is a number. */
export interface KnownPerson {
  readonly id: CustomerId
  readonly legacyId: LegacyId
  /** The address that she had before, and the one that she has. */
  readonly emails: readonly [former: Email, present: Email]
  readonly word: string
  readonly phone: string
  readonly passwordHash: string
  readonly digest: string
  readonly once: Once
}

/** A phone that nobody else has. */
export const unlistedPhone = (): string => `+49 30 ${Number.parseInt(freshWord().slice(2, 9), 16) + 1_000_000_000}`

const profileOf = (word: string, phone: string) => ({
  firstName: `${word} first`,
  lastName: `${word} last`,
  phone,
  avatar: `https://cdn.example.com/${word}.png`,
  data: { motto: `${word} says` }
})

const addressOf = (word: string, phone: string) => ({
  firstName: `${word} first`,
  lastName: `${word} last`,
  company: `${word} company`,
  street: `${word} street`,
  street2: `${word} floor`,
  city: `${word} city`,
  country: "US",
  zipCode: "62701",
  phone
})

const suspicion = (word: string) => {
  const { actor, now } = circumstances()
  return {
    action: "suspended",
    actorKind: actor.kind,
    actor: actor.subject,
    reason: `${word} reason`,
    at: now
  } as const
}

const registrationOf = ({ emails: [email], legacyId, passwordHash, phone, word }: KnownPerson): Change => {
  const change = registration({
    email,
    registrationSource: "web",
    profile: profileOf(word, phone),
    preferences: { marketing: { emailOptIn: true }, custom: { note: `${word} note` } }
  })
  const recipient = email
  const customerId = change.customer.id
  return {
    ...change,
    customer: { ...change.customer, legacyId },
    passwordHash,
    audits: [suspicion(word)],
    mails: [
      { kind: "verify_registration", recipient, customerId, passwordHash },
      { kind: "reset_password", recipient }
    ]
  }
}

const movesIn =
  ({ emails: [, email], phone, word }: KnownPerson) =>
  (current: Customer) =>
    Result.map(
      Decisions.addAddress(current, addressOf(word, phone), freshAddressId(), 10, circumstances(60)),
      (change): Change => ({ ...change, customer: { ...change.customer, email } })
    )

/** A message of another service that says more than it has to. */
const saying = ({ data, ...message }: IncomingMessage, note: string): IncomingMessage => ({
  ...message,
  data: { ...Object(data), note }
})

/** Messages that come before she does: one by each of her ids. */
const messagesBefore = ({ id, legacyId, word }: KnownPerson) =>
  [id, legacyId].map((name) => read(saying(orderMessage(name, order("1")), `${word} parked`)))

/** Messages about her: of orders, of points, and one about her and one about nobody that cannot be applied. */
const messagesAbout = ({ emails: [, email], id, word }: KnownPerson) => [
  orderOf(id, order("1500", 1, { orderId: `${word} order`, eventId: `${word} told` })),
  pointsOf(id, { ...points(3), eventId: `${word} earned` }),
  undeliverable({ customer: { _tag: "Id", id }, message: { note: `${word} dead` } }),
  undeliverable({ message: { note: `write to ${email.toUpperCase()}, ${word} letter` } })
]

const decidedFor =
  ({ word }: KnownPerson) =>
  (current: Customer, record: StandingRecord) =>
    StandingDecisions.override(
      current,
      record,
      { tier: "vip", segment: "wholesale", reason: `${word} standing` },
      policy,
      circumstances(90)
    )

/** Somebody of whom all is known, whose phone may be one that another has too. */
export const knownPerson = Effect.fnUntraced(function* (phone: string = unlistedPhone()) {
  const repository = yield* CustomerRepository
  const tokens = yield* VerificationTokens
  const standings = yield* CustomerStandings
  const word = freshWord()
  const draft = {
    legacyId: freshLegacyId(),
    emails: [Email.make(`${word}.former@example.com`), Email.make(`${word}.present@example.com`)],
    word,
    phone,
    passwordHash: `$argon2id$${freshWord()}$${freshWord()}`,
    digest: `${freshWord()}${freshWord()}`,
    once: { key: freshWord(), fingerprint: word, answer: () => JSON.stringify({ told: `${word} answer` }) }
  } as const
  const change = registrationOf({ ...draft, id: registration().customer.id })
  const person: KnownPerson = { ...draft, id: change.customer.id }
  yield* receive(messagesBefore(person))
  const told = Effect.provideService(CorrelationId, `${word}-correlation`)
  yield* told(repository.insert(change, person.once))
  yield* told(belonging(person))
  yield* told(repository.modify(person.id, movesIn(person)))
  yield* receive(messagesAbout(person))
  yield* told(standings.modify(person.id, decidedFor(person)))
  const issuedAt = yield* DateTime.now
  yield* tokens.issue({
    digest: person.digest,
    purpose: "phone_verification",
    customerId: person.id,
    target: phone,
    passwordHash: person.passwordHash,
    issuedAt,
    expiresAt: DateTime.add(issuedAt, { days: 10 })
  })
  return person
})

/** Plans her erasure, due in so many seconds. */
export const planErasure = Effect.fnUntraced(function* ({ emails, id, word }: KnownPerson, seconds = 0) {
  const repository = yield* CustomerRepository
  const now = yield* DateTime.now
  const reason = `${word} asked from ${emails[1]}`
  const erasure = { dueAt: DateTime.add(now, { seconds }), requestedAt: now, requestedBy: "ada", reason }
  yield* repository.modify(id, bringing({ erasure }))
})

/** Plans her erasure for now and claims it. */
export const beginErasure = Effect.fnUntraced(function* (person: KnownPerson) {
  const store = yield* PersonalDataStore
  yield* planErasure(person)
  yield* store.claimDue({ most: 1, leaseSeconds: 600, only: person.id })
})

const changesNothing = (current: Customer): Result.Result<Change> => Result.succeed(written(current))

/** What waits or was given up, as far as it mentions a word. */
const messagesWith = Effect.fnUntraced(function* (word: string) {
  const inbox = yield* Inbox
  const all = [...(yield* inbox.dueParked(1000)), ...(yield* inbox.dead(1000))]
  return all.filter((message) => JSON.stringify(message).includes(word))
})

/** All that can be learnt of somebody, as plain values. */
export const everythingOf = Effect.fnUntraced(function* ({ digest, emails, id, legacyId, once, word }: KnownPerson) {
  const repository = yield* CustomerRepository
  const facts = yield* StoredFacts
  const credentials = yield* Credentials
  const store = yield* PersonalDataStore
  const tokens = yield* VerificationTokens
  const standings = yield* CustomerStandings
  const all = {
    customer: yield* Effect.option(repository.get(id)),
    many: yield* repository.getMany([id]),
    listed: yield* Effect.forEach(emails, (email) => repository.list({ limit: 10, email })),
    byLegacyId: yield* repository.findByLegacyId(legacyId),
    account: yield* credentials.find(id),
    accounts: yield* Effect.forEach(emails, (email) => credentials.findByEmail(email)),
    token: Option.isSome(yield* tokens.find(digest)),
    messages: yield* messagesWith(word),
    standing: yield* Effect.option(standings.find(id)),
    tiers: yield* standings.history(id),
    belongings: yield* Effect.option(belongingsOf(id)),
    events: yield* facts.events(id),
    consents: yield* facts.consents(id),
    audits: yield* facts.audits(id),
    passwordHash: yield* facts.passwordHash(id),
    erasure: yield* store.findErasure(id),
    exported: yield* store.exportOf(id),
    replayed: yield* Effect.result(repository.modify(id, changesNothing, once))
  }
  return JSON.parse(JSON.stringify(all))
})
