import { assert, describe } from "@effect/vitest"
import { Array, DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as Customers from "../src/customer/Customers.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import * as Logins from "../src/identity/Logins.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import * as Registrations from "../src/identity/Registrations.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import * as Erasures from "../src/privacy/Erasures.ts"
import { ReceiptSigner } from "../src/privacy/ReceiptSigner.ts"
import { OrderMetrics } from "../src/testing/index.ts"
import { meanwhile } from "./identityScene.ts"
import {
  as,
  asStaff,
  closed,
  deliverAll,
  inSession,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  registered,
  snapshotOf,
  subjectsTo,
  verified
} from "./identityPeople.ts"
import { assertGone, canaries, eraseNow, everything, it, knownPerson } from "./privacyScene.ts"

const erasedEvents = (id: CustomerId) =>
  Effect.map(CustomerMemory, ({ events }) =>
    events.filter(({ customerId, envelope }) => customerId === id && envelope.eventType === "CustomerErased")
  )

const plan = (id: CustomerId) => asStaff(Erasures.plan(id, "planned", "she asked for it"))
const cancel = (id: CustomerId) => asStaff(Erasures.cancel(id))

describe("an erasure", () => {
  it("leaves nothing personal anywhere, tells the consumers, and keeps the order metrics", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      const metrics = yield* OrderMetrics
      const { segment } = (yield* snapshotOf(person.id)).customer
      yield* metrics.record(person.id, { ...segment, orderCount: 7 })
      const before = yield* everything(person.id)
      for (const canary of [person.email, ...Object.values(canaries)]) assert.include(before, canary)
      yield* eraseNow(person.id, `wrote from ${person.email}`)
      yield* assertGone(person)
      assert.lengthOf(yield* erasedEvents(person.id), 1)
      assert.deepInclude(Option.getOrThrow(yield* metrics.kept(person.id)), { orderCount: 7 })
    }))

  it("leaves everybody else as she was", () =>
    Effect.gen(function* () {
      const [person, other] = [yield* knownPerson, yield* knownPerson]
      const before = yield* snapshotOf(other.id)
      yield* eraseNow(person.id)
      assert.deepStrictEqual(yield* snapshotOf(other.id), before)
      assert.strictEqual(yield* outcomeOf(Logins.refresh(other.granted.refreshToken)), "done")
    }))

  it("ends in a receipt that is genuine, names every store, and holds nothing personal", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      yield* TestClock.adjust("1 minute")
      const { finishedAt, receipt, state } = yield* eraseNow(person.id)
      assert.strictEqual(state, "done")
      assert.deepStrictEqual(finishedAt, yield* DateTime.now)
      if (receipt === undefined) return assert.fail("there is no receipt")
      const signer = yield* ReceiptSigner
      assert.isTrue(yield* signer.isGenuine(receipt))
      const { statement } = receipt
      assert.strictEqual(statement.customerId, person.id)
      assert.deepStrictEqual(statement.verified.stores, ["database", "sessions", "mails"])
      assert.isAtLeast(statement.verified.identifiers, 2)
      const stores = new Set(statement.erased.map(({ store }) => store))
      assert.deepStrictEqual(stores, new Set(["database", "sessions", "mails"]))
      const held = statement.held.map(({ store }) => store)
      assert.include(held, "event bus")
      for (const canary of [person.email, ...Object.values(canaries)]) {
        assert.notInclude(JSON.stringify(receipt), canary)
      }
    }))

  it("done a second time is a no-op that is told by the same receipt", () =>
    Effect.gen(function* () {
      const { id } = yield* knownPerson
      const first = yield* eraseNow(id)
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(yield* eraseNow(id), first)
      assert.deepStrictEqual(yield* plan(id), first)
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 0, failed: 0 })
      assert.lengthOf(yield* erasedEvents(id), 1)
    }))

  it("asked for 10 times at once happens once", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      yield* Effect.all(Array.replicate(eraseNow(person.id), 10), { concurrency: "unbounded" })
      assert.strictEqual((yield* Erasures.find(person.id)).state, "done")
      assert.lengthOf(yield* erasedEvents(person.id), 1)
      yield* assertGone(person)
    }))
})

describe("somebody who was erased", () => {
  it("is nobody to every use case", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      yield* Passwords.forgot(person.email)
      const secret = yield* newestSecretTo(person.email)
      yield* eraseNow(person.id)
      const outcomes = [
        outcomeOf(logIn(person)),
        outcomeOf(Logins.refresh(person.granted.refreshToken)),
        outcomeOf(Passwords.reset(secret, password())),
        outcomeOf(asStaff(Customers.get(person.id))),
        outcomeOf(asStaff(Accounts.suspend(person.id, "why"))),
        outcomeOf(asStaff(Accounts.reactivate(person.id, "why"))),
        outcomeOf(closed(person.id))
      ]
      assert.deepStrictEqual(yield* Effect.all(outcomes), [
        "InvalidCredentials",
        "RefreshRefused",
        "TokenRefused",
        ...Array.replicate("CustomerNotFound", 4)
      ])
    }))

  it("is mailed nothing that was waiting", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      yield* inSession(person.granted)(Passwords.change(person.id, person.password, password()))
      yield* Passwords.forgot(person.email)
      yield* eraseNow(person.id)
      yield* deliverAll
      assert.deepStrictEqual(yield* subjectsTo(person.email), [])
    }))

  it("has left her address to be registered again, which one who is only closed has not", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      const again = { ...person, password: password() }
      yield* closed(person.id)
      assert.strictEqual(yield* outcomeOf(asStaff(Customers.register({ email: person.email }))), "EmailTaken")
      yield* eraseNow(person.id)
      const { customerId } = yield* Registrations.verifyEmail(yield* registered(again))
      assert.notStrictEqual(customerId, person.id)
      assert.strictEqual(yield* outcomeOf(logIn(again)), "done")
    }))

  it("is left no open session by a login that was under way", () =>
    Effect.gen(function* () {
      for (const moment of ["a password was compared", "a session was opened", "a customer was written"] as const) {
        const person = yield* verified()
        yield* meanwhile(moment, eraseNow(person.id))
        const granted = yield* Effect.option(logIn(person))
        assert.deepStrictEqual(yield* (yield* SessionStore).list(person.id), [])
        if (Option.isSome(granted)) {
          assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.value.refreshToken)), "RefreshRefused")
        }
        yield* assertGone(person)
      }
    }))
})

describe("a planned erasure", () => {
  it("happens after the days of grace, and leaves the account as it is until then", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      const before = yield* snapshotOf(person.id)
      const { dueAt, state } = yield* plan(person.id)
      assert.deepStrictEqual([state, dueAt], ["planned", DateTime.add(yield* DateTime.now, { days: 30 })])
      assert.deepStrictEqual(yield* snapshotOf(person.id), before)
      const { audits } = yield* CustomerMemory
      assert.deepInclude(audits.at(-1), { action: "erasure_planned", actor: "ada", reason: "she asked for it" })
      yield* TestClock.adjust("29 days")
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 0, failed: 0 })
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 1, failed: 0 })
      yield* assertGone(person)
    }))

  it("of somebody who closed her account happens too, and not before", () =>
    Effect.gen(function* () {
      const person = yield* knownPerson
      yield* closed(person.id)
      yield* TestClock.adjust("2591999 seconds")
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 0, failed: 0 })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 1, failed: 0 })
      yield* assertGone(person)
    }))

  it("does not happen once it is cancelled, or the account is open again", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* knownPerson, yield* knownPerson]
      yield* plan(one.id)
      yield* closed(other.id)
      assert.strictEqual((yield* cancel(one.id)).state, "cancelled")
      assert.strictEqual((yield* cancel(one.id)).state, "cancelled")
      yield* asStaff(Accounts.reactivate(other.id, "asked to"))
      assert.strictEqual((yield* Erasures.find(other.id)).state, "cancelled")
      yield* TestClock.adjust("40 days")
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 0, failed: 0 })
      const { audits } = yield* CustomerMemory
      assert.lengthOf(
        audits.filter(({ action }) => action === "erasure_cancelled"),
        1
      )
      assert.strictEqual((yield* plan(one.id)).state, "planned")
    }))

  it("that never was, or is done, cannot be cancelled", () =>
    Effect.gen(function* () {
      const { id } = yield* knownPerson
      assert.strictEqual(yield* outcomeOf(cancel(id)), "ErasureNotFound")
      assert.strictEqual(yield* outcomeOf(Erasures.find(id)), "ErasureNotFound")
      yield* eraseNow(id)
      assert.strictEqual(yield* outcomeOf(cancel(id)), "ErasureUnderWay")
    }))

  it("is for staff to plan and to cancel", () =>
    Effect.gen(function* () {
      const { granted, id } = yield* knownPerson
      const service = { kind: "service", subject: "shop", scopes: new Set(["customers:write"]) } as const
      for (const by of [inSession(granted), as(service)]) {
        assert.strictEqual(yield* outcomeOf(by(Erasures.plan(id, "now", "why"))), "ActionForbidden")
        assert.strictEqual(yield* outcomeOf(by(Erasures.cancel(id))), "ActionForbidden")
      }
      assert.strictEqual(yield* outcomeOf(Erasures.find(id)), "ErasureNotFound")
    }))
})
