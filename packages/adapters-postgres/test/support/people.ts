import {
  AddressId,
  type Change,
  type ChangeRecords,
  CustomerDecisions,
  type CustomerId,
  CustomerRepository,
  Email,
  type ErasureReceipt,
  MailQueue,
  PersonalDataStore,
  VerificationTokens
} from "@customer-service/core"
import { bringing, circumstances, freshWord, registration } from "@customer-service/core/testing"
import { DateTime, Effect } from "effect"
import { SecureRandom } from "effect/crypto"

/** A customer who is known by `word`, in her address too, and by `phone`. */
export interface Known {
  readonly id: CustomerId
  readonly word: string
  readonly email: Email.Email
  readonly phone: string
}

const profileOf = (phone: string) => ({ phone, firstName: "Zoë" })

/** A customer as she is after her registration, with one address and an answer that is remembered. */
export const known = Effect.fnUntraced(function* (phone: string) {
  const customers = yield* CustomerRepository.CustomerRepository
  const word = freshWord()
  const email = Email.Email.make(`${word}@example.com`)
  const change = registration({ email, profile: profileOf(phone), preferences: { marketing: { emailOptIn: true } } })
  const { id } = yield* customers.insert(change, { key: freshWord(), fingerprint: "body", answer: () => email })
  const home = { street: "1 Main Street", city: "Springfield", country: "US", phone }
  const addressId = AddressId.make(SecureRandom.uuidV7Unsafe())
  yield* customers.modify(id, (current) =>
    CustomerDecisions.addAddress(current, home, addressId, 10, circumstances(60))
  )
  return { id, word, email, phone } satisfies Known
})

/** Keeps records beside a customer who stays as she is. */
export const keep = (id: CustomerId, records: ChangeRecords) =>
  Effect.flatMap(CustomerRepository.CustomerRepository, (customers) => customers.modify(id, bringing(records)))

/** A line of the audit. */
export const audit = (reason: string): NonNullable<Change["audits"]>[number] => {
  const { actor, now } = circumstances()
  return { action: "suspended", actorKind: actor.kind, actor: actor.subject, reason, at: now }
}

/** Sends her a token; answers its digest. */
export const sendToken = Effect.fnUntraced(function* (customerId: CustomerId, target: string) {
  const tokens = yield* VerificationTokens.VerificationTokens
  const digest = freshWord()
  const issuedAt = yield* DateTime.now
  const expiresAt = DateTime.add(issuedAt, { hours: 1 })
  yield* tokens.issue({ digest, purpose: "password_reset", customerId, target, issuedAt, expiresAt })
  return digest
})

/** Posts a message to whoever has this address. */
export const post = (recipient: string) =>
  Effect.flatMap(MailQueue.MailQueue, (queue) => queue.post({ kind: "verify_email", recipient }))

/** Plans her erasure for now, in somebody's name, and takes it on lease. */
export const beginErasure = Effect.fnUntraced(function* (id: CustomerId, requestedBy = "ada", leaseSeconds = 60) {
  const store = yield* PersonalDataStore
  const now = yield* DateTime.now
  yield* keep(id, { erasure: { dueAt: now, requestedAt: now, requestedBy, reason: "she asked for it" } })
  return yield* store.claimDue({ most: 1, leaseSeconds, only: id })
})

/** Says that an erasure is done. */
export const finish = Effect.fnUntraced(function* (customerId: CustomerId) {
  const store = yield* PersonalDataStore
  const now = yield* DateTime.now
  const times = { requestedAt: now, startedAt: now, finishedAt: now }
  const verified = { stores: ["database"], identifiers: 2, found: 0 } as const
  const statement = { version: 1, service: "test", customerId, ...times, erased: [], verified, held: [] } as const
  const receipt: ErasureReceipt = { statement, algorithm: "Ed25519", keyId: "test", signature: "c2ln" }
  yield* store.finish(customerId, receipt)
})
