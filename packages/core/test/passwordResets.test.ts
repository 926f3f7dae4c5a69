import { assert, describe } from "@effect/vitest"
import { Array, Effect } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as Customers from "../src/customer/Customers.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import * as EmailChanges from "../src/identity/EmailChanges.ts"
import * as Logins from "../src/identity/Logins.ts"
import { MailMemory } from "../src/identity/Mailer.ts"
import * as Passwords from "../src/identity/Passwords.ts"
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
  type Person,
  secretsTo,
  snapshotOf,
  stranger,
  subjectsTo,
  verified
} from "./identityPeople.ts"

const { forgot, reset } = Passwords

/** The secret of a link to set a new password that was just sent. */
const linkFor = Effect.fnUntraced(function* ({ email }: Person) {
  yield* forgot(email)
  return yield* newestSecretTo(email)
})

describe("a password that was set by mail", () => {
  it("opens the account, ends every session, and is told", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const sessions = [yield* logIn(person), yield* logIn(person)]
      const chosen = password()
      const answer = yield* reset(yield* linkFor(person), chosen)
      assert.deepStrictEqual(answer, { customerId: person.id })
      assert.strictEqual(yield* outcomeOf(logIn(person)), "InvalidCredentials")
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, password: chosen })), "done")
      for (const { refreshToken } of sessions) {
        assert.strictEqual(yield* outcomeOf(Logins.refresh(refreshToken)), "RefreshRefused")
      }
      yield* deliverAll
      assert.include(yield* subjectsTo(person.email), "Your password at Customer service has changed")
    }))

  it("verifies the address that the mail was sent to", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      const chosen = password()
      yield* reset(yield* linkFor(person), chosen)
      const { customer } = yield* snapshotOf(person.id)
      assert.deepInclude(customer, { status: "active", emailVerified: true, version: 2 })
      const { audits } = yield* CustomerMemory
      assert.deepInclude(audits.at(-1), { action: "password_reset", actorKind: "customer", actor: person.id })
      assert.strictEqual(yield* outcomeOf(Registrations.verifyEmail(person.secret)), "TokenRefused")
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, password: chosen })), "done")
    }))

  it("is the first of an account that a service made without one", () =>
    Effect.gen(function* () {
      const person = stranger()
      yield* asStaff(Customers.register({ email: person.email }))
      yield* reset(yield* linkFor(person), person.password)
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("lets nobody in who is suspended", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* asStaff(Accounts.suspend(person.id, "chargebacks"))
      const chosen = password()
      yield* reset(yield* linkFor(person), chosen)
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, password: chosen })), "AccountSuspended")
    }))
})

describe("a link to set a new password", () => {
  it("works once, also of 20 times at once", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const secret = yield* linkFor(person)
      const people = Array.makeBy(20, () => ({ ...person, password: password() }))
      const attempts = people.map((each) => outcomeOf(reset(secret, each.password)))
      const outcomes = yield* Effect.all(attempts, { concurrency: "unbounded" })
      assert.deepStrictEqual(outcomes.toSorted(), [...Array.replicate("TokenRefused", 19), "done"])
      const winner = people[outcomes.indexOf("done")] ?? person
      assert.strictEqual(yield* outcomeOf(logIn(winner)), "done")
    }))

  it("is good for an hour", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const secret = yield* linkFor(person)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* outcomeOf(reset(secret, password())), "TokenRefused")
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("ends those before it", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const [older, newer] = [yield* linkFor(person), yield* linkFor(person)]
      assert.strictEqual(yield* outcomeOf(reset(older, password())), "TokenRefused")
      assert.strictEqual(yield* outcomeOf(reset(newer, password())), "done")
    }))

  it("stays as it was where the new password is too weak, or cannot be hashed", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      const secret = yield* linkFor(person)
      for (const weak of ["short", person.email]) {
        const refused = yield* Effect.flip(reset(secret, password(weak)))
        assert.deepInclude(refused, { _tag: "WeakPassword", path: "newPassword" })
      }
      scene.hasherIsBusy = true
      assert.strictEqual(yield* outcomeOf(reset(secret, password())), "HasherBusy")
      scene.hasherIsBusy = false
      assert.strictEqual(yield* outcomeOf(reset(secret, password())), "done")
    }))

  it("is of no use in another customer's session", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const thief = yield* logIn(yield* verified())
      const secret = yield* linkFor(person)
      assert.strictEqual(yield* outcomeOf(inSession(thief)(reset(secret, password()))), "TokenRefused")
      assert.strictEqual(yield* outcomeOf(reset(secret, password())), "done")
    }))

  it("is of no use once the address is another", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      const secret = yield* linkFor(person)
      const email = stranger().email
      yield* inSession(granted)(EmailChanges.request(person.id, email))
      yield* Registrations.verifyEmail(yield* newestSecretTo(email))
      assert.strictEqual(yield* outcomeOf(reset(secret, password())), "TokenRefused")
    }))

  it("is of no use for an account that is closed, nor once it is open again", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const secret = yield* linkFor(person)
      yield* closed(person.id)
      assert.strictEqual(yield* outcomeOf(reset(secret, password())), "TokenRefused")
      yield* asStaff(Accounts.reactivate(person.id, "asked to"))
      assert.strictEqual(yield* outcomeOf(reset(secret, password())), "TokenRefused")
    }))

  it("is sent to nobody who has no account or a closed one, which nobody is told", () =>
    Effect.gen(function* () {
      const { mails } = yield* MailMemory
      const gone = yield* verified()
      yield* closed(gone.id)
      const before = mails.length
      for (const { email } of [stranger(), gone]) assert.isUndefined(yield* forgot(email))
      yield* deliverAll
      assert.lengthOf(mails, before)
    }))

  it("goes to the address in her own spelling", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* linkFor({ ...person, email: Email.make(person.email.toUpperCase().replace(/@.*/, "@example.com")) })
      const { mails } = yield* MailMemory
      assert.strictEqual(mails.at(-1)?.to, person.email)
      assert.lengthOf(yield* secretsTo(person.email), 2)
    }))

  it("is asked for from one network address 30 times an hour, for known and unknown alike", () =>
    Effect.gen(function* () {
      const { email } = yield* verified()
      const emails = [...Array.replicate(email, 15), ...Array.makeBy(16, () => stranger().email)]
      const outcomes = yield* Effect.forEach(emails, (each) => outcomeOf(from("203.0.113.7")(forgot(each))))
      assert.deepStrictEqual(outcomes, [...Array.replicate("done", 30), "TooManyAttempts"])
    }))
})
