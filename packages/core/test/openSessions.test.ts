import { assert, describe } from "@effect/vitest"
import { Effect, Metric, Redacted } from "effect"
import { TestClock } from "effect/testing"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import * as Logins from "../src/identity/Logins.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import * as Sessions from "../src/identity/Sessions.ts"
import type { Actor } from "../src/request/Actor.ts"
import { counted } from "./cacheScene.ts"
import { it, Scene, type World } from "./identityScene.ts"
import { as, asStaff, closed, inSession, logIn, outcomeOf, stranger, verified } from "./identityPeople.ts"

const actorOf = ({ customerId, sessionId }: Logins.Grant): Actor => ({
  kind: "customer",
  subject: customerId,
  scopes: new Set(["customers:read", "customers:write"]),
  sessionId
})

const isOpen = (granted: Logins.Grant) => Sessions.isOpen(actorOf(granted))

describe("the session of an access token", () => {
  it("is open until it is ended", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      assert.isTrue(yield* isOpen(granted))
      yield* inSession(granted)(Logins.logOut())
      assert.isFalse(yield* isOpen(granted))
    }))

  it("is over when nobody used it for the time-out, and not before", () =>
    Effect.gen(function* () {
      const granted = yield* logIn(yield* verified())
      yield* TestClock.adjust("29 minutes")
      assert.isTrue(yield* isOpen(granted))
      yield* TestClock.adjust("29 minutes")
      assert.isTrue(yield* isOpen(granted))
      yield* TestClock.adjust("31 minutes")
      assert.isFalse(yield* isOpen(granted))
    }))

  it("is nobody else's", () =>
    Effect.gen(function* () {
      const granted = yield* logIn(yield* verified())
      const other = yield* verified()
      assert.isFalse(yield* Sessions.isOpen({ ...actorOf(granted), subject: other.id }))
      assert.isFalse(yield* Sessions.isOpen({ ...actorOf(granted), sessionId: "not a session" }))
    }))

  it("is not asked for where the token names none", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      scene.sessionsAreDown = true
      assert.isTrue(yield* Sessions.isOpen({ kind: "service", subject: "orders", scopes: new Set() }))
    }))

  it("counts as open while the session store does not answer, which is counted", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const granted = yield* logIn(yield* verified())
      scene.sessionsAreDown = true
      assert.isTrue(yield* isOpen(granted))
      assert.strictEqual(yield* counted("customer_sessions_unchecked_total"), 1)
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())))
})

describe("sessions that must end while the store does not answer", () => {
  const endings: ReadonlyArray<(id: CustomerId) => Effect.Effect<unknown, unknown, World>> = [
    (id) => asStaff(Accounts.suspend(id, "chargebacks")),
    closed
  ]

  it("are ended when it does, however long that takes", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      for (const end of endings) {
        const person = yield* verified()
        const granted = yield* logIn(person)
        scene.sessionsAreDown = true
        yield* end(person.id)
        yield* TestClock.adjust("7 minutes")
        scene.sessionsAreDown = false
        assert.isTrue(yield* isOpen(granted))
        yield* TestClock.adjust("10 seconds")
        assert.isFalse(yield* isOpen(granted))
      }
      assert.lengthOf(
        scene.logged.filter((line) => line.includes("The session store does not answer")),
        2
      )
    }))
})

describe("the list of sessions", () => {
  it("is her own, newest first, and holds those that are open", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const first = yield* logIn(person)
      yield* TestClock.adjust("1 minute")
      const second = yield* logIn(person)
      yield* logIn(yield* verified())
      const ids = Effect.map(inSession(second)(Sessions.list(person.id)), (sessions) => sessions.map(({ id }) => id))
      assert.deepStrictEqual(yield* ids, [second.sessionId, first.sessionId])
      assert.strictEqual(yield* inSession(second)(Sessions.currentOf(person.id)), second.sessionId)
      yield* inSession(second)(Sessions.end(person.id, first.sessionId.toUpperCase()))
      assert.deepStrictEqual(yield* ids, [second.sessionId])
    }))

  it("ends nobody else's session", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const mine = yield* logIn(person)
      const theirs = yield* logIn(yield* verified())
      const attempt = inSession(mine)(Sessions.end(person.id, theirs.sessionId))
      const refused = yield* Effect.flip(attempt)
      assert.deepInclude(refused, { _tag: "SessionNotFound", sessionId: theirs.sessionId })
      assert.isTrue(yield* isOpen(theirs))
      assert.isUndefined(yield* inSession(mine)(Sessions.currentOf(theirs.customerId)))
    }))

  it("can be ended as a whole", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* logIn(person)
      const theirs = yield* logIn(yield* verified())
      yield* inSession(granted)(Sessions.endEvery(person.id))
      assert.deepStrictEqual(yield* asStaff(Sessions.list(person.id)), [])
      assert.isTrue(yield* isOpen(theirs))
    }))

  it("says so where the store does not answer", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      const granted = yield* logIn(person)
      scene.sessionsAreDown = true
      assert.strictEqual(yield* outcomeOf(inSession(granted)(Sessions.endEvery(person.id))), "SessionsUnavailable")
      assert.strictEqual(yield* outcomeOf(inSession(granted)(Sessions.list(person.id))), "SessionsUnavailable")
    }))
})

describe("logging out", () => {
  it("with a refresh token ends its session alone, and can be repeated", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const [one, other] = [yield* logIn(person), yield* logIn(person)]
      yield* Logins.logOut(one.refreshToken)
      yield* Logins.logOut(one.refreshToken)
      assert.deepStrictEqual([yield* isOpen(one), yield* isOpen(other)], [false, true])
    }))

  it("works with the secret that was just exchanged, and not with one that never was", () =>
    Effect.gen(function* () {
      const granted = yield* logIn(yield* verified())
      yield* Logins.refresh(granted.refreshToken)
      const guess = `${granted.sessionId}.${"A".repeat(43)}`
      yield* Logins.logOut(Redacted.make(guess))
      yield* Logins.logOut(Redacted.make("nonsense"))
      assert.isTrue(yield* isOpen(granted))
      yield* Logins.logOut(granted.refreshToken)
      assert.isFalse(yield* isOpen(granted))
    }))

  it("without anything that names a session fails with SessionNotFound", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* outcomeOf(Logins.logOut()), "SessionNotFound")
      const service: Actor = { kind: "service", subject: stranger().email, scopes: new Set() }
      assert.strictEqual(yield* outcomeOf(as(service)(Logins.logOut())), "SessionNotFound")
      assert.isEmpty(yield* (yield* SessionStore).list((yield* verified()).id))
    }))
})
