import { assert, describe } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import * as EmailChanges from "../src/identity/EmailChanges.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import * as PhoneVerifications from "../src/identity/PhoneVerifications.ts"
import * as Consents from "../src/privacy/Consents.ts"
import * as Exports from "../src/privacy/Exports.ts"
import * as Customers from "../src/customer/Customers.ts"
import { MailMemory } from "../src/identity/Mailer.ts"
import { Scene } from "./identityScene.ts"
import { as, asStaff, closed, deliverAll, inSession, outcomeOf, secretsTo, stranger } from "./identityPeople.ts"
import { canaries, eraseNow, it, knownPerson } from "./privacyScene.ts"

const exportOf = (id: CustomerId) => asStaff(Exports.exportOf(id))

describe("an export", () => {
  it("holds everything that was written of her, place by place", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      const moved = stranger()
      const act = inSession(person.granted)
      yield* act(Customers.update(person.id, { preferences: { marketing: { smsOptIn: true } } }))
      yield* act(EmailChanges.request(person.id, moved.email))
      yield* Passwords.forgot(person.email)
      yield* TestClock.adjust("1 minute")
      const { customerId, generatedAt, holders } = yield* act(Exports.exportOf(person.id))
      assert.strictEqual(customerId, person.id)
      assert.deepStrictEqual(generatedAt, yield* DateTime.now)
      const text = JSON.stringify(holders)
      for (const canary of [person.email, moved.email, ...Object.values(canaries)]) assert.include(text, canary)
      for (const place of ["customers", "events", "consents", "audits", "credentials", "mails", "sessions"]) {
        assert.isNotEmpty(holders[place], place)
      }
    }))

  it("shows no password, no token and no code", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      yield* inSession(person.granted)(PhoneVerifications.request(person.id))
      yield* Passwords.forgot(person.email)
      yield* deliverAll
      const text = JSON.stringify(yield* exportOf(person.id))
      const memory = yield* CustomerMemory
      const codes = (yield* MailMemory).texts.flatMap((message) => message.text.match(/^\d{6}/) ?? [])
      const secrets = [
        ...(yield* secretsTo(person.email)),
        ...codes,
        ...memory.tokens.keys(),
        memory.passwordHashes.get(person.id) ?? "",
        Redacted.value(person.password),
        Redacted.value(person.granted.refreshToken)
      ]
      assert.isAtLeast(secrets.length, 8)
      for (const secret of secrets) assert.notInclude(text, secret)
      assert.include(text, "Set a new password for Customer service")
    }))

  it("holds nothing of anybody else", () =>
    Effect.gen(function* () {
      const [person, other] = [yield* knownPerson, yield* knownPerson]
      yield* Passwords.forgot(other.email)
      yield* deliverAll
      const text = JSON.stringify(yield* exportOf(person.id))
      for (const value of [other.email, other.id, other.granted.sessionId]) assert.notInclude(text, value)
    }))

  it("is for the customer herself and for staff, and for no service", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      const service = { kind: "service", subject: "shop", scopes: new Set(["customers:read"]) } as const
      const wanted = Exports.exportOf(person.id)
      assert.strictEqual(yield* outcomeOf(as(service)(wanted)), "ActionForbidden")
      assert.strictEqual(yield* outcomeOf(inSession(person.granted)(wanted)), "done")
      assert.strictEqual(yield* outcomeOf(asStaff(wanted)), "done")
    }))

  it("of a closed account is for staff, and of an erased one for nobody", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      yield* closed(person.id)
      assert.strictEqual(yield* outcomeOf(inSession(person.granted)(Exports.exportOf(person.id))), "CustomerNotFound")
      assert.include(JSON.stringify(yield* exportOf(person.id)), person.email)
      yield* eraseNow(person.id)
      assert.strictEqual(yield* outcomeOf(exportOf(person.id)), "CustomerNotFound")
    }))

  it("says so where a holder does not answer, and leaves none out in silence", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* knownPerson
      scene.sessionsAreDown = true
      const refused = yield* Effect.flip(exportOf(person.id))
      assert.deepInclude(refused, { _tag: "HolderUnavailable", holder: "sessions" })
    }))
})

describe("the ledger of consents", () => {
  it("is read page by page, and as of a moment", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      const act = inSession(person.granted)
      const before = yield* DateTime.now
      yield* TestClock.adjust("1 minute")
      yield* act(Customers.update(person.id, { preferences: { marketing: { emailOptIn: false } } }))
      const first = yield* act(Consents.list(person.id, { limit: 2 }))
      const rest = yield* act(Consents.list(person.id, { limit: 100, after: first.next }))
      assert.lengthOf(first.lines, 2)
      assert.deepInclude(rest.lines.at(-1), { purpose: "marketing", channel: "email", granted: false, by: person.id })
      const grantedAt = (moment: DateTime.Utc) =>
        Effect.map(
          act(Consents.asOf(person.id, moment)),
          (lines) => lines.find(({ channel, purpose }) => purpose === "marketing" && channel === "email")?.granted
        )
      assert.deepStrictEqual([yield* grantedAt(before), yield* grantedAt(yield* DateTime.now)], [true, false])
    }))

  it("of a closed account is shown to staff alone", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      yield* closed(person.id)
      const page = Consents.list(person.id, { limit: 10 })
      assert.strictEqual(yield* outcomeOf(inSession(person.granted)(page)), "CustomerNotFound")
      assert.isNotEmpty((yield* asStaff(page)).lines)
    }))
})
