import { assert, describe } from "@effect/vitest"
import { Array, Effect } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import * as EmailChanges from "../src/identity/EmailChanges.ts"
import * as Logins from "../src/identity/Logins.ts"
import { MailMemory } from "../src/identity/Mailer.ts"
import * as Registrations from "../src/identity/Registrations.ts"
import { Email } from "../src/value/Email.ts"
import { it, Scene } from "./identityScene.ts"
import {
  asStaff,
  closed,
  deliverAll,
  from,
  inSession,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  pending,
  registered,
  secretsTo,
  snapshotOf,
  stranger,
  subjectsTo,
  verified
} from "./identityPeople.ts"

const { verifyEmail } = Registrations

const confirm = "Confirm your new mail address for Customer service"
const requested = "A new mail address for your account at Customer service"
const changed = "Your mail address at Customer service has changed"
const told = "You have an account at Customer service"

const asking = (granted: Logins.Grant, email: Email) =>
  inSession(granted)(EmailChanges.request(granted.customerId, email))

/** Somebody who has asked for another address, with the secret that was sent there. */
const hasAsked = Effect.gen(function* () {
  const person = yield* verified()
  const granted = yield* logIn(person)
  const { email } = stranger()
  yield* asking(granted, email)
  return { person, granted, email, secret: yield* newestSecretTo(email) }
})

describe("asking for another address", () => {
  it("changes nothing before it is confirmed, and tells the present address at once", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      const before = yield* snapshotOf(person.id)
      const { email } = stranger()
      yield* asking(granted, email)
      yield* deliverAll
      assert.deepStrictEqual(yield* snapshotOf(person.id), before)
      assert.deepStrictEqual(yield* subjectsTo(email), [confirm])
      assert.include(yield* subjectsTo(person.email), requested)
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, email })), "InvalidCredentials")
    }))

  it("that she has already mails nothing", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const { mails } = yield* MailMemory
      const before = mails.length
      yield* asking(yield* logIn(person), person.email)
      yield* deliverAll
      assert.lengthOf(mails, before)
    }))

  it("that somebody else has tells its owner, and nobody else learns of it", () =>
    Effect.gen(function* () {
      const [person, owner] = [yield* verified(), yield* verified()]
      const granted = yield* logIn(person)
      const free = yield* Effect.result(asking(granted, stranger().email))
      yield* deliverAll
      const taken = yield* Effect.result(asking(granted, Email.make(owner.email.replace(/^./, "Q"))))
      yield* deliverAll
      assert.deepStrictEqual(taken, free)
      assert.lengthOf(yield* secretsTo(owner.email), 1)
      assert.strictEqual((yield* subjectsTo(owner.email)).at(-1), told)
      const hers = yield* subjectsTo(person.email)
      assert.deepStrictEqual(hers.slice(-2), [requested, requested])
    }))

  it("happens 30 times an hour from one network address", () =>
    Effect.gen(function* () {
      const granted = yield* logIn(yield* verified())
      const attempt = Effect.suspend(() => outcomeOf(from("203.0.113.7")(asking(granted, stranger().email))))
      const outcomes = yield* Effect.all(Array.replicate(attempt, 31))
      assert.deepStrictEqual(outcomes, [...Array.replicate("done", 30), "TooManyAttempts"])
    }))

  it("is not for an account that is suspended, nor by a link from before", () =>
    Effect.gen(function* () {
      const { granted, person, secret } = yield* hasAsked
      yield* asStaff(Accounts.suspend(person.id, "chargebacks"))
      assert.strictEqual(yield* outcomeOf(asking(granted, stranger().email)), "AccountSuspended")
      assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "TokenRefused")
    }))

  it("is not for an account that is closed", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* closed(person.id)
      assert.strictEqual(yield* outcomeOf(asking(granted, stranger().email)), "CustomerNotFound")
    }))
})

describe("a new address that is confirmed", () => {
  it("takes the place of the old one, which is told; her password and sessions stay", () =>
    Effect.gen(function* () {
      const { email, granted, person, secret } = yield* hasAsked
      assert.deepStrictEqual(yield* verifyEmail(secret), { customerId: person.id, passwordRequired: false })
      yield* deliverAll
      const { customer } = yield* snapshotOf(person.id)
      assert.deepInclude(customer, { email, emailVerified: true, status: "active" })
      assert.strictEqual((yield* subjectsTo(person.email)).at(-1), changed)
      const { audits, events } = yield* CustomerMemory
      assert.deepInclude(audits.at(-1), { action: "email_changed", actor: person.id })
      assert.deepInclude(events.at(-1)?.envelope.data, { changed: ["email"], email })
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "done")
      assert.strictEqual(yield* outcomeOf(logIn(person)), "InvalidCredentials")
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, email })), "done")
    }))

  it("is refused with EmailTaken where somebody else has it by now", () =>
    Effect.gen(function* () {
      const { email, person, secret } = yield* hasAsked
      yield* pending({ email, password: password() })
      assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "EmailTaken")
      assert.strictEqual((yield* snapshotOf(person.id)).customer.email, person.email)
    }))

  it("leaves the old one to others", () =>
    Effect.gen(function* () {
      const { person, secret } = yield* hasAsked
      yield* verifyEmail(secret)
      const { customerId } = yield* verifyEmail(yield* registered({ ...person, password: password() }))
      assert.notStrictEqual(customerId, person.id)
    }))

  it("makes a pending account active", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      const granted = yield* logIn(person)
      const { email } = stranger()
      yield* asking(granted, email)
      yield* verifyEmail(yield* newestSecretTo(email))
      assert.deepInclude((yield* snapshotOf(person.id)).customer, { email, status: "active" })
      assert.strictEqual(yield* outcomeOf(verifyEmail(person.secret)), "TokenRefused")
    }).pipe(
      Effect.provideService(CustomerPolicy, { ...CustomerPolicy.defaultValue(), emailVerificationRequired: false })
    ))
})

describe("a link to confirm another address", () => {
  it("works once, is good for a day, and is of no use in another customer's session", () =>
    Effect.gen(function* () {
      const { secret } = yield* hasAsked
      const thief = yield* logIn(yield* verified())
      assert.strictEqual(yield* outcomeOf(inSession(thief)(verifyEmail(secret))), "TokenRefused")
      assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "done")
      assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "TokenRefused")
      const late = yield* hasAsked
      yield* TestClock.adjust("1 day")
      assert.strictEqual(yield* outcomeOf(verifyEmail(late.secret)), "TokenRefused")
    }))

  it("ends the one before it, also where that was not taken by the mail server until later", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      const granted = yield* logIn(person)
      const [mistyped, right] = [stranger().email, stranger().email]
      scene.mailsAre = "refused for now"
      yield* asking(granted, mistyped)
      yield* deliverAll
      scene.mailsAre = "taken"
      yield* asking(granted, right)
      const secret = yield* newestSecretTo(right)
      yield* TestClock.adjust("1 hour")
      yield* deliverAll
      assert.deepStrictEqual(yield* subjectsTo(mistyped), [])
      assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "done")
    }))
})
