import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as Logins from "../src/identity/Logins.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import * as Sessions from "../src/identity/Sessions.ts"
import { it, Scene } from "./identityScene.ts"
import {
  as,
  asStaff,
  closed,
  deliverAll,
  inSession,
  type KnownPerson,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  snapshotOf,
  subjectsTo,
  verified
} from "./identityPeople.ts"

const changeIn = (granted: Logins.Grant, { id, password: present }: KnownPerson, chosen = password()) =>
  inSession(granted)(Passwords.change(id, present, chosen))

const loggedInTwice = Effect.gen(function* () {
  const person = yield* verified()
  return { person, hers: yield* logIn(person), other: yield* logIn(person) }
})

const openSessionsOf = ({ id }: KnownPerson) =>
  Effect.map(
    Effect.flatMap(SessionStore, (store) => store.list(id)),
    (sessions) => sessions.map((session) => session.id)
  )

describe("a changed password", () => {
  it("opens the account, and the one before it does not", () =>
    Effect.gen(function* () {
      const { hers, person } = yield* loggedInTwice
      const chosen = password()
      yield* changeIn(hers, person, chosen)
      assert.strictEqual(yield* outcomeOf(logIn(person)), "InvalidCredentials")
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, password: chosen })), "done")
    }))

  it("ends every other session, and the one that changed it goes on for good", () =>
    Effect.gen(function* () {
      const { hers, other, person } = yield* loggedInTwice
      yield* changeIn(hers, person)
      assert.deepStrictEqual(yield* openSessionsOf(person), [hers.sessionId])
      assert.strictEqual(yield* outcomeOf(Logins.refresh(other.refreshToken)), "RefreshRefused")
      yield* TestClock.adjust("20 minutes")
      const again = yield* Logins.refresh(hers.refreshToken)
      assert.lengthOf(yield* inSession(again)(Sessions.list(person.id)), 1)
    }))

  it("can be changed once more by the session that changed it", () =>
    Effect.gen(function* () {
      const { hers, person } = yield* loggedInTwice
      const chosen = password()
      yield* changeIn(hers, person, chosen)
      yield* changeIn(hers, { ...person, password: chosen })
      assert.strictEqual(yield* outcomeOf(Logins.refresh(hers.refreshToken)), "done")
    }))

  it("ends every session where none of hers changed it", () =>
    Effect.gen(function* () {
      const { person } = yield* loggedInTwice
      const service = { kind: "service", subject: "shop", scopes: new Set(["customers:write"]) } as const
      yield* as(service)(Passwords.change(person.id, person.password, password()))
      assert.deepStrictEqual(yield* openSessionsOf(person), [])
    }))

  it("is told by mail, and noted", () =>
    Effect.gen(function* () {
      const { hers, person } = yield* loggedInTwice
      const before = yield* snapshotOf(person.id)
      yield* changeIn(hers, person)
      yield* deliverAll
      assert.include(yield* subjectsTo(person.email), "Your password at Customer service has changed")
      const { audits } = yield* CustomerMemory
      assert.deepInclude(audits.at(-1), { action: "password_changed", actorKind: "customer", actor: person.id })
      assert.strictEqual((yield* snapshotOf(person.id)).customer, before.customer)
    }))

  it("ends every link that was sent before", () =>
    Effect.gen(function* () {
      const { hers, person } = yield* loggedInTwice
      yield* Passwords.forgot(person.email)
      const secret = yield* newestSecretTo(person.email)
      yield* changeIn(hers, person)
      assert.strictEqual(yield* outcomeOf(Passwords.reset(secret, password())), "TokenRefused")
    }))

  it("ends the other sessions later where the session store does not answer", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { hers, other, person } = yield* loggedInTwice
      scene.sessionsAreDown = true
      yield* changeIn(hers, person)
      yield* TestClock.adjust("1 minute")
      scene.sessionsAreDown = false
      assert.strictEqual(yield* outcomeOf(Logins.refresh(other.refreshToken)), "RefreshRefused")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* openSessionsOf(person), [hers.sessionId])
    }))
})

describe("a password is not changed", () => {
  it("by somebody who does not know the present one", () =>
    Effect.gen(function* () {
      const { hers, other, person } = yield* loggedInTwice
      const before = yield* snapshotOf(person.id)
      const attempt = changeIn(hers, { ...person, password: password() })
      assert.strictEqual(yield* outcomeOf(attempt), "InvalidCredentials")
      assert.deepStrictEqual(yield* snapshotOf(person.id), before)
      assert.strictEqual(yield* outcomeOf(Logins.refresh(other.refreshToken)), "done")
    }))

  it("to one that is weak, which is told of the field it came in", () =>
    Effect.gen(function* () {
      const { hers, person } = yield* loggedInTwice
      const before = yield* snapshotOf(person.id)
      for (const weak of ["short", person.email, "x".repeat(129)]) {
        const refused = yield* Effect.flip(changeIn(hers, person, password(weak)))
        assert.deepInclude(refused, { _tag: "WeakPassword", path: "newPassword" })
        assert.notInclude(JSON.stringify(refused), weak)
      }
      assert.deepStrictEqual(yield* snapshotOf(person.id), before)
    }))

  it("of an account that has none", () =>
    Effect.gen(function* () {
      const { hers, person } = yield* loggedInTwice
      ;(yield* CustomerMemory).passwordHashes.delete(person.id)
      assert.strictEqual(yield* outcomeOf(changeIn(hers, person)), "InvalidCredentials")
    }))

  it("of an account that is closed", () =>
    Effect.gen(function* () {
      const { hers, person } = yield* loggedInTwice
      yield* closed(person.id)
      assert.strictEqual(yield* outcomeOf(changeIn(hers, person)), "CustomerNotFound")
      const byStaff = asStaff(Passwords.change(person.id, person.password, password()))
      assert.strictEqual(yield* outcomeOf(byStaff), "CustomerNotFound")
    }))
})
