import { DateTime, type Duration, Effect, Metric, Option, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import type { Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { AttemptLimiter } from "../request/AttemptLimiter.ts"
import { Email, uniqueForm } from "../value/Email.ts"
import { recipientKey } from "./attempts.ts"
import { type Account, Credentials } from "./Credentials.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"
import { Mailer, MailRejected } from "./Mailer.ts"
import { MailQueue, type QueuedMail } from "./MailQueue.ts"
import type { MailKind, MailRequest } from "./MailRequest.ts"
import { type MailFacts, type MailText, MailTexts } from "./MailTexts.ts"
import { digestOfCode } from "./PhoneVerifications.ts"
import { digestOf, makeSecret } from "./Secret.ts"
import { type TokenPurpose, VerificationTokens } from "./VerificationTokens.ts"

const sent = Metric.counter("customer_messages_sent_total", { description: "Mails and text messages handed over" })
const dropped = Metric.counter("customer_messages_dropped_total", {
  description: "Mails and text messages given up: refused for good, or too many for one recipient"
})

interface TokenKind {
  readonly purpose: TokenPurpose
  readonly page: string
}

const tokenKinds: { readonly [Kind in MailKind]?: TokenKind } = {
  verify_registration: { purpose: "email_verification", page: "verify-email" },
  verify_email: { purpose: "email_verification", page: "verify-email" },
  reset_password: { purpose: "password_reset", page: "reset-password" },
  confirm_email_change: { purpose: "email_change", page: "verify-email" }
}

/** What the request's own customer, or the one behind its address, is to get; undefined where it is nothing. */
const addresseeOf = Effect.fnUntraced(function* (request: MailRequest) {
  const credentials = yield* Credentials
  const found =
    "customerId" in request
      ? yield* credentials.find(request.customerId)
      : yield* credentials.findByEmail(Email.make(request.recipient))
  return Option.getOrUndefined(Option.filter(found, (account) => isMeant(request, account)))
})

const isMeant = ({ kind }: MailRequest, { emailVerified, status }: Account): boolean => {
  if (kind === "verify_email" || kind === "verify_registration") return !emailVerified && status !== "inactive"
  return kind !== "reset_password" || status !== "inactive"
}

const lifetimeOf = (kind: MailKind) =>
  Effect.map(IdentityPolicy, ({ phoneCodeMinutes, resetMinutes, verificationHours }): Duration.Input => {
    if (kind === "phone_code") return `${phoneCodeMinutes} minutes`
    return kind === "reset_password" ? `${resetMinutes} minutes` : `${verificationHours} hours`
  })

const issue = Effect.fnUntraced(function* (
  { kind, recipient, ...rest }: MailRequest,
  customerId: CustomerId,
  purpose: TokenPurpose,
  digest: string
) {
  const tokens = yield* VerificationTokens
  const issuedAt = yield* DateTime.now
  const expiresAt = DateTime.addDuration(issuedAt, yield* lifetimeOf(kind))
  const passwordHash = "passwordHash" in rest ? rest.passwordHash : undefined
  yield* tokens.issue({ digest, purpose, customerId, target: recipient, passwordHash, issuedAt, expiresAt })
})

/** Makes the token that the message carries, where it carries one; answers the link to where it is used. */
const linkOf = Effect.fnUntraced(function* (request: MailRequest, customerId: CustomerId) {
  const token = tokenKinds[request.kind]
  if (token === undefined) return ""
  const { publicUrl } = yield* IdentityPolicy
  const secret = yield* makeSecret
  yield* issue(request, customerId, token.purpose, yield* digestOf(secret))
  // Behind `#` it is sent to no server, and so stands in no log.
  return `${publicUrl}/${token.page}#token=${Redacted.value(secret)}`
})

const codeOf = Effect.fnUntraced(function* (request: MailRequest, customerId: CustomerId) {
  if (request.kind !== "phone_code") return ""
  const random = yield* SecureRandom.SecureRandom
  const code = String(yield* random.intBetween(0, 999_999)).padStart(6, "0")
  const digest = yield* digestOfCode(customerId, request.recipient, Redacted.make(code))
  yield* issue(request, customerId, "phone_verification", digest)
  return code
})

/** An address that somebody else has is not confirmed: its owner is told instead. */
const settled = Effect.fnUntraced(function* (request: MailRequest) {
  if (request.kind !== "confirm_email_change") return request
  const credentials = yield* Credentials
  const owner = Option.getOrUndefined(yield* credentials.findByEmail(Email.make(request.recipient)))
  const isFree = owner === undefined || owner.customerId === request.customerId
  return isFree ? request : ({ ...request, kind: "email_taken", customerId: owner.customerId } as const)
})

const factsOf = Effect.fnUntraced(function* (request: MailRequest, customer: Customer) {
  const { shopName } = yield* IdentityPolicy
  const facts: MailFacts = {
    shop: shopName,
    link: yield* linkOf(request, customer.id),
    code: yield* codeOf(request, customer.id),
    goodFor: String(yield* lifetimeOf(request.kind)),
    language: customer.preferences.language
  }
  return facts
})

const handOver = Effect.fnUntraced(function* (request: MailRequest, account: Account, { subject, text }: MailText) {
  const mailer = yield* Mailer
  const credentials = yield* Credentials
  const { customerId, email } = account
  // The spelling that she gave is where she reads mails; whoever asked may have typed another.
  const to = uniqueForm(request.recipient) === uniqueForm(email) ? email : request.recipient
  yield* request.kind === "phone_code"
    ? mailer.sendText({ customerId, to, text })
    : mailer.sendMail({ customerId, to, subject, text })
  yield* Metric.update(sent, 1)
  // She may have been erased meanwhile: then nothing is kept of this one either.
  if (Option.isNone(yield* credentials.find(customerId))) yield* mailer.forget(customerId)
})

const deliver = Effect.fnUntraced(function* (mail: QueuedMail) {
  const queue = yield* MailQueue
  const repository = yield* CustomerRepository
  const request = yield* settled(mail.request)
  const account = yield* addresseeOf(request)
  if (account === undefined) return
  const customer = yield* repository.get(account.customerId)
  const write = yield* MailTexts
  const written = write(request.kind, yield* factsOf(request, customer))
  // What ends her tokens withdraws the message too: a link that was made after it must not go out.
  if (yield* queue.isWaiting(mail.id)) yield* handOver(request, account, written)
})

/** So often a message is tried before it is given up: over half a day. */
const mostAttempts = 12

const giveUp = Effect.fnUntraced(function* ({ id, request }: QueuedMail, reason: string) {
  const queue = yield* MailQueue
  yield* queue.delivered(id)
  yield* Metric.update(dropped, 1)
  yield* Effect.logWarning("A message was given up").pipe(Effect.annotateLogs({ kind: request.kind, reason }))
})

/** What was done to an account is always told: nobody can keep it quiet by having many messages sent before. */
const isAlwaysTold = ({ kind }: MailRequest): boolean =>
  kind === "password_changed" || kind === "email_changed" || kind === "email_change_requested"

/** Whether a recipient may get this message too; one that is tried again was counted at first. */
const isWithinLimit = Effect.fnUntraced(function* ({ attempts, request }: QueuedMail) {
  if (attempts > 1 || isAlwaysTold(request)) return true
  const limiter = yield* AttemptLimiter
  const { limits } = yield* IdentityPolicy
  const { allowed } = yield* limiter.take(yield* recipientKey(request), limits.mailsByRecipient)
  return allowed
})

/** A message that breaks the courier is tried again like one that was not taken, and holds up no other. */
const unbroken = ({ request: { kind } }: QueuedMail) =>
  Effect.catchDefect((defect) =>
    Effect.logError("A message could not be made").pipe(
      Effect.annotateLogs({ kind, reason: defect instanceof Error ? defect.name : typeof defect }),
      Effect.andThen(Effect.fail(new MailRejected({ permanent: false })))
    )
  )

const handle = Effect.fnUntraced(function* (mail: QueuedMail) {
  const queue = yield* MailQueue
  if (!(yield* isWithinLimit(mail))) return yield* giveUp(mail, "too many messages to this recipient")
  // A courier who is told to stop first says what he has handed over: it would be sent once more.
  yield* Effect.uninterruptible(Effect.andThen(unbroken(mail)(deliver(mail)), queue.delivered(mail.id))).pipe(
    Effect.catchTags({
      CustomerNotFound: () => queue.delivered(mail.id),
      MailRejected: ({ permanent }) =>
        permanent || mail.attempts >= mostAttempts
          ? giveUp(mail, permanent ? "refused for good" : "refused too often")
          : Effect.logWarning("A message was not taken; it is tried again").pipe(
              Effect.annotateLogs({ kind: mail.request.kind, attempts: mail.attempts })
            )
    })
  )
})

/** Seconds until a message is tried for the second time. */
const firstDelay = 60

/** So many messages are taken up at once, and no more than are under way: what nobody has begun stays free to take. */
const together = 4

/** Sends what is due, oldest first; answers how many messages were taken up. */
export const deliverDue = Effect.fn("Courier.deliverDue")(function* () {
  const queue = yield* MailQueue
  const due = yield* queue.claim(together, firstDelay)
  yield* Effect.forEach(due, handle, { concurrency: together, discard: true })
  return due.length
})
