import { assert, describe } from "@effect/vitest"
import { Array, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import * as Registrations from "../src/identity/Registrations.ts"
import { Email } from "../src/value/Email.ts"
import { it, Scene } from "./identityScene.ts"
import {
  asStaff,
  closed,
  deliverAll,
  from,
  idOf,
  inSession,
  type KnownPerson,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  pending,
  secretsTo,
  snapshotOf,
  stranger,
  subjectsTo,
  verified
} from "./identityPeople.ts"

const { register, resend, verifyEmail } = Registrations

const told = "You have an account at Customer service"
const link = "Confirm your mail address for Customer service"

describe("registering oneself", () => {
  it("makes a pending customer who acts for herself, and mails her a link", () =>
    Effect.gen(function* () {
      const person = stranger()
      yield* register({ email: person.email, preferences: { marketing: { smsOptIn: true } } }, person.password)
      yield* deliverAll
      const id = yield* idOf(person.email)
      const { customer } = yield* snapshotOf(id)
      assert.deepInclude(customer, { status: "pending", emailVerified: false, version: 1 })
      const { consents } = yield* CustomerMemory
      const consent = consents.find(({ channel, customerId }) => customerId === id && channel === "sms")
      assert.deepInclude(consent, { granted: true, source: "customer", by: id })
      assert.deepStrictEqual(yield* subjectsTo(person.email), [link])
    }))

  it("with a password that is too weak keeps nobody and mails nothing", () =>
    Effect.gen(function* () {
      const { customers, mails } = yield* CustomerMemory
      const { email } = stranger()
      assert.strictEqual(yield* outcomeOf(register({ email }, password("short"))), "WeakPassword")
      assert.strictEqual(yield* outcomeOf(register({ email }, password(email))), "WeakPassword")
      assert.deepStrictEqual([customers.size, mails.size], [0, 0])
    }))

  it("succeeds for the same work, whether the address is known or not", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const known = yield* verified()
      for (const { email } of [known, stranger(), yield* pending()]) {
        scene.hashed = 0
        assert.isUndefined(yield* register({ email }, password()))
        assert.strictEqual(scene.hashed, 1)
      }
    }))

  it("happens 30 times an hour from one network address", () =>
    Effect.gen(function* () {
      const attempt = Effect.suspend(() => outcomeOf(from("203.0.113.7")(register(stranger(), password()))))
      const outcomes = yield* Effect.all(Array.replicate(attempt, 31))
      assert.deepStrictEqual(outcomes, [...Array.replicate("done", 30), "TooManyAttempts"])
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* attempt, "done")
    }))
})

describe("registering an address that is known", () => {
  const assertUntouched = Effect.fnUntraced(function* (person: KnownPerson) {
    const before = yield* snapshotOf(person.id)
    const email = Email.make(person.email.replace(/^./, "Q"))
    const stolen = { email, password: password() }
    yield* register({ email, profile: { firstName: "Mallory" } }, stolen.password)
    yield* deliverAll
    assert.deepStrictEqual(yield* snapshotOf(person.id), before)
    assert.notStrictEqual(yield* outcomeOf(logIn(stolen)), "done")
  })

  it("changes nothing about an account that is verified; its owner is told by mail", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* assertUntouched(person)
      assert.deepStrictEqual(yield* subjectsTo(person.email), [link, told])
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("changes nothing about one that is suspended or closed; its owner is told by mail", () =>
    Effect.gen(function* () {
      const suspended = [yield* verified(), yield* pending()]
      const gone = [yield* verified(), yield* pending()]
      yield* Effect.forEach(suspended, ({ id }) => asStaff(Accounts.suspend(id, "chargebacks")))
      yield* Effect.forEach(gone, ({ id }) => closed(id))
      for (const person of [...suspended, ...gone]) {
        yield* assertUntouched(person)
        assert.deepStrictEqual(yield* subjectsTo(person.email), [link, told])
      }
    }))

  it("changes no customer who is not verified; she is mailed one more link", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      const { customer } = yield* snapshotOf(person.id)
      const memory = yield* CustomerMemory
      const [hash, events] = [memory.passwordHashes.get(person.id), memory.events.length]
      yield* register({ email: person.email, profile: { firstName: "Mallory" } }, password())
      yield* deliverAll
      assert.strictEqual((yield* snapshotOf(person.id)).customer, customer)
      assert.deepStrictEqual([memory.passwordHashes.get(person.id), memory.events.length], [hash, events])
      assert.deepStrictEqual(yield* subjectsTo(person.email), [link, link])
    }))
})

describe("a verification link", () => {
  it("makes the account active, and is noted", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      const { events } = yield* CustomerMemory
      const verdict = yield* verifyEmail(person.secret)
      assert.deepStrictEqual(verdict, { customerId: person.id, passwordRequired: false })
      const { customer } = yield* snapshotOf(person.id)
      assert.deepInclude(customer, { status: "active", emailVerified: true, version: 2 })
      assert.deepInclude(events.at(-1)?.envelope.data, { changed: ["emailVerified", "status"], status: "active" })
      const { audits } = yield* CustomerMemory
      assert.deepInclude(audits.at(-1), { action: "email_verified", actorKind: "customer", actor: person.id })
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("works once, also of 20 times at once", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      const attempts = Array.replicate(outcomeOf(verifyEmail(person.secret)), 20)
      const outcomes = yield* Effect.all(attempts, { concurrency: "unbounded" })
      assert.deepStrictEqual(outcomes.toSorted(), [...Array.replicate("TokenRefused", 19), "done"])
      assert.strictEqual((yield* snapshotOf(person.id)).customer.version, 2)
    }))

  it("is good for a day", () =>
    Effect.gen(function* () {
      const [early, late] = [yield* pending(), yield* pending()]
      yield* TestClock.adjust("86399 seconds")
      assert.strictEqual(yield* outcomeOf(verifyEmail(early.secret)), "done")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* outcomeOf(verifyEmail(late.secret)), "TokenRefused")
      assert.strictEqual((yield* snapshotOf(late.id)).customer.status, "pending")
    }))

  it("that was sent again ends those before it, and keeps the password of the only registration", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      yield* resend(person.email)
      const second = yield* newestSecretTo(person.email)
      yield* resend(person.email)
      const third = yield* newestSecretTo(person.email)
      assert.lengthOf(new Set(yield* secretsTo(person.email)), 3)
      for (const ended of [person.secret, second]) {
        assert.strictEqual(yield* outcomeOf(verifyEmail(ended)), "TokenRefused")
      }
      assert.deepInclude(yield* verifyEmail(third), { passwordRequired: false })
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("is of no use in another customer's session", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      const thief = yield* logIn(yield* verified())
      assert.strictEqual(yield* outcomeOf(inSession(thief)(verifyEmail(person.secret))), "TokenRefused")
      assert.strictEqual(yield* outcomeOf(verifyEmail(person.secret)), "done")
    }))

  it("is not what a link to set a password is, nor anything else", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      yield* Passwords.forgot(person.email)
      const reset = yield* newestSecretTo(person.email)
      for (const secret of [reset, Redacted.make(""), Redacted.make("A".repeat(43)), person.password]) {
        assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "TokenRefused")
      }
      assert.strictEqual(yield* outcomeOf(Passwords.reset(person.secret, password())), "TokenRefused")
    }))

  it("opens no account that was closed, and lets no suspended one in", () =>
    Effect.gen(function* () {
      const [gone, suspended] = [yield* pending(), yield* pending()]
      yield* closed(gone.id)
      assert.strictEqual(yield* outcomeOf(verifyEmail(gone.secret)), "TokenRefused")
      yield* asStaff(Accounts.suspend(suspended.id, "chargebacks"))
      yield* outcomeOf(verifyEmail(suspended.secret))
      assert.strictEqual((yield* snapshotOf(suspended.id)).customer.status, "suspended")
    }))

  it("is asked for again from one network address 30 times an hour, for known and unknown alike", () =>
    Effect.gen(function* () {
      const { email } = yield* verified()
      const attempts = [...Array.replicate(email, 15), ...Array.makeBy(16, () => stranger().email)]
      const outcomes = yield* Effect.forEach(attempts, (each) => outcomeOf(from("203.0.113.7")(resend(each))))
      assert.deepStrictEqual(outcomes, [...Array.replicate("done", 30), "TooManyAttempts"])
    }))
})
