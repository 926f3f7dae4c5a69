import { assert, describe } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import * as Logins from "../src/identity/Logins.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import * as Sessions from "../src/identity/Sessions.ts"
import { type Actor, CurrentActor } from "../src/request/Actor.ts"
import { freshWord } from "../src/testing/index.ts"
import { it } from "./identityScene.ts"
import { as, asStaff, closed, inSession, logIn, outcomeOf, pending, snapshotOf, verified } from "./identityPeople.ts"

const suspend = (id: CustomerId) => asStaff(Accounts.suspend(id, "chargebacks"))
const reactivate = (id: CustomerId) => asStaff(Accounts.reactivate(id, "settled"))

const erasureOf = (id: CustomerId) => Effect.map(CustomerMemory, ({ erasures }) => erasures.get(id))

describe("a suspension", () => {
  it("ends every session, and is noted with its reason and in an event", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* logIn(person)
      const customer = yield* suspend(person.id)
      assert.strictEqual(customer.status, "suspended")
      assert.deepStrictEqual(yield* (yield* SessionStore).list(person.id), [])
      assert.isFalse(yield* inSession(granted)(Effect.flatMap(CurrentActor, Sessions.isOpen)))
      const { audits, events } = yield* CustomerMemory
      const noted = { action: "suspended", actorKind: "staff", actor: "ada", reason: "chargebacks" } as const
      assert.deepInclude(audits.at(-1), { ...noted, customerVersion: customer.version })
      assert.deepInclude(events.at(-1)?.envelope.data, { changed: ["status"], status: "suspended" })
    }))

  it("of somebody who is suspended changes nothing more", () =>
    Effect.gen(function* () {
      const { id } = yield* verified()
      const once = yield* suspend(id)
      const { audits, events } = yield* CustomerMemory
      const before = [audits.length, events.length]
      assert.strictEqual(yield* suspend(id), once)
      assert.deepStrictEqual([audits.length, events.length], before)
    }))

  it("under another version than she has is refused, and ends nothing", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      const attempt = asStaff(Accounts.suspend(person.id, "chargebacks", { expectedVersion: 1 }))
      assert.strictEqual(yield* outcomeOf(attempt), "VersionConflict")
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "done")
    }))

  it("with a key twice is told of the first", () =>
    Effect.gen(function* () {
      const { id } = yield* verified()
      const once = { key: freshWord(), fingerprint: "body", answer: () => "suspended" }
      yield* asStaff(Accounts.suspend(id, "chargebacks", { once }))
      yield* reactivate(id)
      const again = yield* Effect.flip(asStaff(Accounts.suspend(id, "chargebacks", { once })))
      assert.deepInclude(again, { _tag: "AlreadyAnswered", answer: "suspended" })
      assert.strictEqual((yield* snapshotOf(id)).customer.status, "active")
    }))
})

describe("a closed account", () => {
  it("is planned to be erased after the days of grace, with every session ended", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* TestClock.adjust("1 minute")
      yield* closed(person.id)
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "RefreshRefused")
      const erasure = yield* erasureOf(person.id)
      assert.deepInclude(erasure, { state: "planned", requestedBy: "ada" })
      assert.deepStrictEqual(erasure?.dueAt, DateTime.add(yield* DateTime.now, { days: 30 }))
    }))

  it("is not suspended", () =>
    Effect.gen(function* () {
      const { id } = yield* verified()
      yield* closed(id)
      assert.strictEqual(yield* outcomeOf(suspend(id)), "CustomerNotFound")
    }))
})

describe("a reactivation", () => {
  it("opens a closed account and cancels its erasure; who was logged in is not", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* closed(person.id)
      const customer = yield* reactivate(person.id)
      assert.strictEqual(customer.status, "active")
      assert.notProperty(customer, "deactivatedAt")
      assert.deepInclude(yield* erasureOf(person.id), { state: "cancelled" })
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "RefreshRefused")
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("lets somebody in who was suspended, and is noted with its reason and in an event", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* suspend(person.id)
      const { version } = yield* reactivate(person.id)
      const { audits, events } = yield* CustomerMemory
      assert.deepInclude(audits.at(-1), { action: "reactivated", actor: "ada", reason: "settled" })
      assert.deepInclude(events.at(-1)?.envelope, { eventType: "CustomerReactivated" })
      assert.deepInclude(events.at(-1)?.envelope.data, { customerId: person.id, version, status: "active" })
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("of somebody whose address is not verified leaves her pending where the shop asks for it", () =>
    Effect.gen(function* () {
      const { id } = yield* pending()
      yield* suspend(id)
      assert.strictEqual((yield* reactivate(id)).status, "pending")
      yield* suspend(id)
      const policy = { ...CustomerPolicy.defaultValue(), emailVerificationRequired: false }
      const trusting = Effect.provideService(reactivate(id), CustomerPolicy, policy)
      assert.strictEqual((yield* trusting).status, "active")
    }))

  it("of an open account is a StatusConflict that names its status", () =>
    Effect.gen(function* () {
      const [active, waiting] = [yield* verified(), yield* pending()]
      assert.deepInclude(yield* Effect.flip(reactivate(active.id)), { _tag: "StatusConflict", status: "active" })
      assert.deepInclude(yield* Effect.flip(reactivate(waiting.id)), { _tag: "StatusConflict", status: "pending" })
    }))
})

describe("suspending and reactivating", () => {
  it("are for staff alone", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      const before = yield* snapshotOf(person.id)
      const service: Actor = {
        kind: "service",
        subject: "shop",
        scopes: new Set(["customers:read", "customers:write"])
      }
      const suspend = outcomeOf(Accounts.suspend(person.id, "why"))
      const reactivate = outcomeOf(Accounts.reactivate(person.id, "why"))
      const both = Effect.all([suspend, reactivate])
      const outcomes = [yield* both, yield* inSession(granted)(both), yield* as(service)(both)].flat()
      assert.deepStrictEqual(new Set(outcomes), new Set(["ActionForbidden"]))
      assert.deepStrictEqual(yield* snapshotOf(person.id), before)
    }))
})
