import { assert, describe } from "@effect/vitest"
import { Array, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Logins from "../src/identity/Logins.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import * as Sessions from "../src/identity/Sessions.ts"
import { Email } from "../src/value/Email.ts"
import { it, Scene } from "./identityScene.ts"
import {
  closed,
  from,
  inSession,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  type Person,
  stranger,
  verified
} from "./identityPeople.ts"

const wrongly = (person: Person) => Logins.logIn(person.email, password("not the password"))

const failWrongly = (person: Person, times: number) =>
  Effect.forEach(Array.range(1, times), () => outcomeOf(wrongly(person)))

const refused = ["TooManyAttempts"]

describe("10 wrong passwords", () => {
  const assertLockedFor15Minutes = Effect.fnUntraced(function* (person: Person) {
    assert.deepStrictEqual(yield* failWrongly(person, 10), Array.replicate("InvalidCredentials", 10))
    yield* TestClock.adjust("5 minutes")
    const refusal = yield* Effect.flip(logIn(person))
    assert.deepInclude(refusal, { _tag: "TooManyAttempts", retryAfterSeconds: 600 })
    yield* TestClock.adjust("599 seconds")
    assert.deepStrictEqual(yield* failWrongly(person, 20), Array.replicate("TooManyAttempts", 20))
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(yield* failWrongly(person, 1), ["InvalidCredentials"])
  })

  it("are answered with TooManyAttempts for 15 minutes", () => Effect.flatMap(verified(), assertLockedFor15Minutes))

  it("of an address that nobody has are answered alike", () => assertLockedFor15Minutes(stranger()))

  it("of an account that is closed are answered alike, and right ones are wrong ones there", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* closed(person.id)
      const outcomes = yield* Effect.all(Array.replicate(outcomeOf(logIn(person)), 11))
      assert.deepStrictEqual(outcomes, [...Array.replicate("InvalidCredentials", 10), "TooManyAttempts"])
    }))

  it("count over 15 minutes, however slowly they come", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* failWrongly(person, 9)
      yield* TestClock.adjust("14 minutes")
      yield* failWrongly(person, 1)
      yield* TestClock.adjust("14 minutes")
      assert.strictEqual(yield* outcomeOf(logIn(person)), "TooManyAttempts")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("count for an address in all its capitals together", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* failWrongly({ ...person, email: Email.make(person.email.replace(/^./, "Q")) }, 10)
      assert.strictEqual(yield* outcomeOf(logIn(person)), "TooManyAttempts")
    }))

  it("are forgotten with a right one among them", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* failWrongly(person, 9)
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
      assert.deepStrictEqual(yield* failWrongly(person, 9), Array.replicate("InvalidCredentials", 9))
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))

  it("are no more than 10 when 50 come at once", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      for (const person of [yield* verified(), stranger()]) {
        scene.hashed = 0
        const guesses = Array.replicate(outcomeOf(wrongly(person)), 50)
        const outcomes = yield* Effect.all(guesses, { concurrency: "unbounded" })
        assert.strictEqual(scene.hashed, 10)
        assert.lengthOf(
          outcomes.filter((outcome) => outcome === "InvalidCredentials"),
          10
        )
      }
    }))

  it("let a stranger lock nobody out of a session that she has", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* failWrongly(person, 30)
      const renewed = yield* Logins.refresh(granted.refreshToken)
      assert.lengthOf(yield* inSession(renewed)(Sessions.list(person.id)), 1)
      const changed = inSession(renewed)(Passwords.change(person.id, person.password, password()))
      assert.strictEqual(yield* outcomeOf(changed), "done")
    }))

  it("are forgotten once she has set a new password by mail", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* failWrongly(person, 30)
      yield* Passwords.forgot(person.email)
      const chosen = password()
      yield* Passwords.reset(yield* newestSecretTo(person.email), chosen)
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, password: chosen })), "done")
    }))
})

describe("the present password", () => {
  it("can be guessed 10 times in a session, and then for 15 minutes no more", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      const granted = yield* logIn(person)
      const change = (present: Person["password"]) =>
        outcomeOf(inSession(granted)(Passwords.change(person.id, present, password())))
      scene.hashed = 0
      const guesses = Array.replicate(change(password("not the password")), 50)
      const outcomes = yield* Effect.all(guesses, { concurrency: "unbounded" })
      assert.lengthOf(
        outcomes.filter((outcome) => outcome === "InvalidCredentials"),
        10
      )
      assert.strictEqual(scene.hashed, 10)
      assert.deepStrictEqual([yield* change(person.password)], refused)
      yield* TestClock.adjust("15 minutes")
      const later = yield* logIn(person)
      const changed = inSession(later)(Passwords.change(person.id, person.password, password()))
      assert.strictEqual(yield* outcomeOf(changed), "done")
    }))
})

describe("one network address", () => {
  it("that tries 1,000 accounts is stopped after 100", () =>
    Effect.gen(function* () {
      const attempts = Array.makeBy(1000, () => outcomeOf(from("203.0.113.7")(wrongly(stranger()))))
      const outcomes = yield* Effect.all(attempts)
      assert.deepStrictEqual(outcomes.slice(0, 100), Array.replicate("InvalidCredentials", 100))
      assert.deepStrictEqual(outcomes.slice(100), Array.replicate("TooManyAttempts", 900))
      const elsewhere = yield* outcomeOf(from("203.0.113.8")(wrongly(stranger())))
      assert.strictEqual(elsewhere, "InvalidCredentials")
    }))

  it("is not stopped by logins that succeed", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const logins = Array.replicate(outcomeOf(from("203.0.113.7")(logIn(person))), 150)
      assert.deepStrictEqual(new Set(yield* Effect.all(logins)), new Set(["done"]))
    }))

  it("uses up no attempts of its own at an account that is locked", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const attempts = Array.replicate(outcomeOf(from("203.0.113.7")(wrongly(person))), 200)
      yield* Effect.all(attempts)
      const other = yield* verified()
      assert.strictEqual(yield* outcomeOf(from("203.0.113.7")(logIn(other))), "done")
    }))
})
