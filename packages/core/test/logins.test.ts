import { assert, describe } from "@effect/vitest"
import { Array, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import { TokenVerifier } from "../src/identity/AccessToken.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import { Credentials } from "../src/identity/Credentials.ts"
import * as Logins from "../src/identity/Logins.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import * as Sessions from "../src/identity/Sessions.ts"
import { Email } from "../src/value/Email.ts"
import { it, meanwhile, Scene } from "./identityScene.ts"
import {
  asStaff,
  closed,
  from,
  inSession,
  logIn,
  outcomeOf,
  password,
  pending,
  type Person,
  stranger,
  verified
} from "./identityPeople.ts"

const wrongly = (person: Person) => Logins.logIn(person.email, password("not the password"))

const failWrongly = (person: Person, times: number) =>
  Effect.forEach(Array.range(1, times), () => outcomeOf(wrongly(person)))

const suspended = Effect.gen(function* () {
  const person = yield* verified()
  yield* asStaff(Accounts.suspend(person.id, "chargebacks"))
  return person
})

describe("logging in", () => {
  it("gives an access token that speaks for her session, with the scopes of a customer", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* from("203.0.113.7")(logIn(person))
      const { verify } = yield* TokenVerifier
      const { actor, expiresAt } = yield* verify(Redacted.value(granted.accessToken))
      assert.deepStrictEqual(actor, {
        kind: "customer",
        subject: person.id,
        scopes: new Set(["customers:read", "customers:write"]),
        sessionId: granted.sessionId
      })
      assert.strictEqual(expiresAt, 900_000)
      assert.strictEqual(granted.expiresIn, 900)
      const [session] = yield* inSession(granted)(Sessions.list(person.id))
      assert.deepInclude(session, { id: granted.sessionId, customerId: person.id, userAgent: "Browser/1.0" })
    }))

  it("finds her by her address in whatever capitals", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const { customerId } = yield* Logins.logIn(Email.make(person.email.replace(/^./, "Q")), person.password)
      assert.strictEqual(customerId, person.id)
    }))

  it("takes her password in whatever spelling of the same characters", () =>
    Effect.gen(function* () {
      const person = yield* verified({ ...stranger(), password: password("Zoë naïve ﬁt") })
      assert.strictEqual(
        yield* outcomeOf(Logins.logIn(person.email, password("Zoë naïve fit".normalize("NFD")))),
        "done"
      )
    }))

  it("is noted with the customer and in the audit", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* TestClock.adjust("1 hour")
      yield* logIn(person)
      const repository = yield* CustomerRepository
      const { audits } = yield* CustomerMemory
      assert.strictEqual((yield* repository.get(person.id)).lastLoginAt?.epochMilliseconds, 3_600_000)
      assert.deepInclude(audits.at(-1), { action: "logged_in", actorKind: "customer", actor: person.id })
    }))

  it("with a hash of parameters that are used no longer stores one of the present ones, and ends no session", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const memory = yield* CustomerMemory
      const person = yield* verified()
      const earlier = yield* logIn(person)
      const before = memory.passwordHashes.get(person.id)
      scene.hashesAreOutdated = true
      yield* logIn(person)
      scene.hashesAreOutdated = false
      assert.notStrictEqual(memory.passwordHashes.get(person.id), before)
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
      assert.strictEqual(yield* outcomeOf(Logins.refresh(earlier.refreshToken)), "done")
    }))

  it("goes on without a new hash while the hasher is busy", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      scene.hashesAreOutdated = true
      yield* meanwhile(
        "a password was compared",
        Effect.sync(() => {
          scene.hasherIsBusy = true
        })
      )
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))
})

describe("a wrong password, an unknown address and a closed account", () => {
  it("are told the same, for the same work", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const known = yield* verified()
      const gone = yield* verified()
      yield* closed(gone.id)
      const withoutPassword = yield* verified()
      ;(yield* CustomerMemory).passwordHashes.delete(withoutPassword.id)
      const attempts = [wrongly(known), logIn(stranger()), logIn(gone), wrongly(gone), logIn(withoutPassword)]
      for (const attempt of attempts) {
        scene.hashed = 0
        const refused = yield* Effect.flip(attempt)
        assert.deepStrictEqual([{ ...refused }, scene.hashed], [{ _tag: "InvalidCredentials" }, 1])
      }
    }))

  it("open no session and leave no trace with the customer", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      const { audits } = yield* CustomerMemory
      const person = yield* verified()
      const before = audits.length
      yield* Effect.flip(wrongly(person))
      assert.deepStrictEqual(yield* sessions.list(person.id), [])
      assert.lengthOf(audits, before)
    }))
})

describe("an address that is not verified", () => {
  it("is told so after the right password, and not after a wrong one", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      assert.strictEqual(yield* outcomeOf(wrongly(person)), "InvalidCredentials")
      const refused = yield* Effect.flip(logIn(person))
      assert.deepInclude(refused, { _tag: "EmailNotVerified", customerId: person.id })
    }))

  it("keeps nobody out of a shop that does not ask for it", () =>
    Effect.gen(function* () {
      const person = yield* pending()
      const policy = { ...CustomerPolicy.defaultValue(), emailVerificationRequired: false }
      assert.strictEqual(yield* Effect.provideService(outcomeOf(logIn(person)), CustomerPolicy, policy), "done")
    }))

  it("that is verified lets her in to verify her phone", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }).pipe(
      Effect.provideService(CustomerPolicy, { ...CustomerPolicy.defaultValue(), phoneVerificationRequired: true })
    ))
})

describe("a suspended account", () => {
  it("is told so after the right password, and not after a wrong one", () =>
    Effect.gen(function* () {
      const person = yield* suspended
      assert.strictEqual(yield* outcomeOf(wrongly(person)), "InvalidCredentials")
      const refused = yield* Effect.flip(logIn(person))
      assert.deepInclude(refused, { _tag: "AccountSuspended", customerId: person.id })
      assert.deepStrictEqual(yield* (yield* SessionStore).list(person.id), [])
    }))
})

describe("while the session store does not answer", () => {
  it("a login fails with SessionsUnavailable, and leaves no trace with the customer", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const credentials = yield* Credentials
      const person = yield* verified()
      scene.sessionsAreDown = true
      assert.strictEqual(yield* outcomeOf(logIn(person)), "SessionsUnavailable")
      assert.isUndefined((yield* (yield* CustomerRepository).get(person.id)).lastLoginAt)
      scene.sessionsAreDown = false
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
      assert.deepInclude(yield* credentials.find(person.id), { _tag: "Some" })
    }))

  it("right passwords use up no attempts", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      scene.sessionsAreDown = true
      const outcomes = yield* Effect.forEach(Array.range(1, 12), () => outcomeOf(logIn(person)))
      assert.deepStrictEqual(new Set(outcomes), new Set(["SessionsUnavailable"]))
    }))
})

describe("while passwords cannot be compared", () => {
  it("nobody uses up her attempts", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      scene.hasherIsBusy = true
      const busy = yield* failWrongly(person, 12)
      assert.deepStrictEqual(new Set(busy), new Set(["HasherBusy"]))
      scene.hasherIsBusy = false
      scene.accountsAreDown = true
      const down = yield* failWrongly(person, 12)
      assert.deepStrictEqual(new Set(down), new Set(["StorageUnavailable"]))
      scene.accountsAreDown = false
      assert.strictEqual(yield* outcomeOf(logIn(person)), "done")
    }))
})
