import { assert, describe } from "@effect/vitest"
import { Array, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { TokenVerifier } from "../src/identity/AccessToken.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import * as Logins from "../src/identity/Logins.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import { it, Scene, type World } from "./identityScene.ts"
import {
  asStaff,
  closed,
  type KnownPerson,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  verified
} from "./identityPeople.ts"

const loggedIn = Effect.gen(function* () {
  const person = yield* verified()
  return { ...person, granted: yield* logIn(person) }
})

const { refresh } = Logins

const refreshed = (token: Redacted.Redacted) => Effect.map(refresh(token), ({ refreshToken }) => refreshToken)

const isSessionOpen = ({ customerId, sessionId }: Logins.Grant) =>
  Effect.map(
    Effect.flatMap(SessionStore, (store) => store.list(customerId)),
    (sessions) => sessions.some(({ id }) => id === sessionId)
  )

describe("a refresh", () => {
  it("gives another access token and another secret, for the same session", () =>
    Effect.gen(function* () {
      const { granted, id } = yield* loggedIn
      const again = yield* refresh(granted.refreshToken)
      const { verify } = yield* TokenVerifier
      const { actor } = yield* verify(Redacted.value(again.accessToken))
      assert.deepInclude(actor, { kind: "customer", subject: id, sessionId: granted.sessionId })
      assert.deepStrictEqual(actor.scopes, new Set(["customers:read", "customers:write"]))
      assert.strictEqual(again.sessionId, granted.sessionId)
      assert.notStrictEqual(Redacted.value(again.refreshToken), Redacted.value(granted.refreshToken))
      assert.notStrictEqual(Redacted.value(again.accessToken), Redacted.value(granted.accessToken))
    }))

  it("can follow another for as long as she likes", () =>
    Effect.gen(function* () {
      const { granted } = yield* loggedIn
      let token = granted.refreshToken
      for (const _ of Array.range(1, 100)) {
        yield* TestClock.adjust("14 minutes")
        token = yield* refreshed(token)
      }
      assert.isTrue(yield* isSessionOpen(granted))
    }))

  it("with one secret gives two tabs the same follower within 10 seconds", () =>
    Effect.gen(function* () {
      const { granted } = yield* loggedIn
      const first = yield* refreshed(granted.refreshToken)
      yield* TestClock.adjust("10 seconds")
      const second = yield* refreshed(granted.refreshToken)
      assert.strictEqual(Redacted.value(second), Redacted.value(first))
      assert.strictEqual(yield* outcomeOf(refresh(first)), "done")
    }))

  it("with one secret, 50 times at once, gives one follower", () =>
    Effect.gen(function* () {
      const { granted } = yield* loggedIn
      const attempts = Array.replicate(refreshed(granted.refreshToken), 50)
      const followers = yield* Effect.all(attempts, { concurrency: "unbounded" })
      assert.strictEqual(new Set(followers.map((follower) => Redacted.value(follower))).size, 1)
      assert.strictEqual(yield* outcomeOf(refresh(followers[0] ?? granted.refreshToken)), "done")
    }))
})

describe("a secret that was exchanged before", () => {
  const assertEnded = Effect.fnUntraced(function* (granted: Logins.Grant, newest: Redacted.Redacted) {
    assert.isFalse(yield* isSessionOpen(granted))
    assert.strictEqual(yield* outcomeOf(refresh(newest)), "RefreshRefused")
  })

  it("ends the session when it comes back after 10 seconds", () =>
    Effect.gen(function* () {
      const { granted } = yield* loggedIn
      const newest = yield* refreshed(granted.refreshToken)
      yield* TestClock.adjust("10001 millis")
      assert.strictEqual(yield* outcomeOf(refresh(granted.refreshToken)), "RefreshRefused")
      yield* assertEnded(granted, newest)
    }))

  it("ends the session at once when its follower was exchanged too", () =>
    Effect.gen(function* () {
      const { granted } = yield* loggedIn
      const newest = yield* refreshed(yield* refreshed(granted.refreshToken))
      assert.strictEqual(yield* outcomeOf(refresh(granted.refreshToken)), "RefreshRefused")
      yield* assertEnded(granted, newest)
    }))

  it("ends no other session of hers", () =>
    Effect.gen(function* () {
      const person = yield* loggedIn
      const other = yield* logIn(person)
      yield* refreshed(yield* refreshed(person.granted.refreshToken))
      yield* outcomeOf(refresh(person.granted.refreshToken))
      assert.strictEqual(yield* outcomeOf(refresh(other.refreshToken)), "done")
    }))
})

describe("what is no refresh token", () => {
  it("is refused, and ends nothing", () =>
    Effect.gen(function* () {
      const { granted } = yield* loggedIn
      const [id = "", secret = ""] = Redacted.value(granted.refreshToken).split(".")
      const others = [
        "",
        id,
        `${id}.`,
        secret,
        `.${secret}`,
        `${id}.${secret}x`,
        `${id}.${secret}.`,
        `x${id}.${secret}`
      ]
      const unknown = `0198c000-0000-7000-8000-000000000000.${secret}`
      for (const text of [...others, unknown, `${id}.${secret}\n`, Redacted.value(granted.accessToken)]) {
        assert.strictEqual(yield* outcomeOf(refresh(Redacted.make(text))), "RefreshRefused", text)
      }
      assert.strictEqual(yield* outcomeOf(refresh(granted.refreshToken)), "done")
    }))
})

describe("a session of before a mass log-out", () => {
  const reset = Effect.fnUntraced(function* ({ email }: KnownPerson) {
    yield* Passwords.forgot(email)
    yield* Passwords.reset(yield* newestSecretTo(email), password())
  })

  const endings: ReadonlyArray<(person: KnownPerson) => Effect.Effect<unknown, unknown, World>> = [
    reset,
    ({ id }) => asStaff(Accounts.suspend(id, "chargebacks")),
    ({ id }) => closed(id)
  ]

  it("cannot be refreshed, though the store missed the log-out", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      for (const end of endings) {
        const person = yield* loggedIn
        scene.sessionsAreDown = true
        yield* end(person)
        yield* TestClock.adjust("1 milli")
        scene.sessionsAreDown = false
        assert.isTrue(yield* isSessionOpen(person.granted))
        assert.strictEqual(yield* outcomeOf(refresh(person.granted.refreshToken)), "RefreshRefused")
        assert.isFalse(yield* isSessionOpen(person.granted))
      }
    }))

  it("cannot be refreshed once a suspended account is open again", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* loggedIn
      scene.sessionsAreDown = true
      yield* asStaff(Accounts.suspend(person.id, "why"))
      yield* asStaff(Accounts.reactivate(person.id, "because"))
      scene.sessionsAreDown = false
      assert.strictEqual(yield* outcomeOf(refresh(person.granted.refreshToken)), "RefreshRefused")
    }))
})

describe("while a store does not answer", () => {
  it("a refresh fails, and can be tried again with the same secret however long that lasts", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { granted } = yield* loggedIn
      scene.accountsAreDown = true
      assert.strictEqual(yield* outcomeOf(refresh(granted.refreshToken)), "StorageUnavailable")
      scene.accountsAreDown = false
      scene.sessionsAreDown = true
      assert.strictEqual(yield* outcomeOf(refresh(granted.refreshToken)), "SessionsUnavailable")
      scene.sessionsAreDown = false
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(yield* outcomeOf(refresh(granted.refreshToken)), "done")
    }))
})
