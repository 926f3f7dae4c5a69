import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import * as Accounts from "../src/identity/Accounts.ts"
import * as Logins from "../src/identity/Logins.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import { it, meanwhile, Scene, type World } from "./identityScene.ts"
import {
  asStaff,
  closed,
  inSession,
  type KnownPerson,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  verified
} from "./identityPeople.ts"

type Happening = (person: KnownPerson) => Effect.Effect<unknown, unknown, World>

const reset = Effect.fnUntraced(function* ({ email }: KnownPerson, chosen = password()) {
  yield* Passwords.forgot(email)
  yield* Passwords.reset(yield* newestSecretTo(email), chosen)
})

/** What ends every session of a customer. */
const endings: Readonly<Record<string, Happening>> = {
  "a reset of the password": (person) => reset(person),
  "a suspension": ({ id }) => asStaff(Accounts.suspend(id, "chargebacks")),
  "a deactivation": ({ id }) => closed(id)
}

type Moment = (happening: Effect.Effect<unknown, unknown, World>) => Effect.Effect<void, never, World>

const moments: Readonly<Record<string, Moment>> = {
  "after the account was read": (happening) => meanwhile("an account was read", happening),
  "after the password was compared": (happening) => meanwhile("a password was compared", happening),
  "after the session was opened": (happening) => meanwhile("a session was opened", happening),
  "after the login was noted": (happening) => meanwhile("a customer was written", happening)
}

const assertLeftOut = Effect.fnUntraced(function* (person: KnownPerson, granted: Option.Option<Logins.Grant>) {
  const sessions = yield* SessionStore
  assert.deepStrictEqual(yield* sessions.list(person.id), [])
  if (Option.isNone(granted)) return
  assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.value.refreshToken)), "RefreshRefused")
})

describe("a login that races", () => {
  for (const [ending, happening] of Object.entries(endings)) {
    describe(ending, () => {
      for (const [name, at] of Object.entries(moments)) {
        it(`leaves no open session where that comes ${name}`, () =>
          Effect.gen(function* () {
            const person = yield* verified()
            yield* at(happening(person))
            yield* assertLeftOut(person, yield* Effect.option(logIn(person)))
          }))
      }
    })
  }

  describe("a change of the password", () => {
    for (const [name, at] of Object.entries(moments)) {
      it(`leaves but the session that changed it where that comes ${name}`, () =>
        Effect.gen(function* () {
          const sessions = yield* SessionStore
          const person = yield* verified()
          const hers = yield* logIn(person)
          yield* at(inSession(hers)(Passwords.change(person.id, person.password, password())))
          const granted = yield* Effect.option(logIn(person))
          const open = yield* sessions.list(person.id)
          assert.deepStrictEqual(
            open.map(({ id }) => id),
            [hers.sessionId]
          )
          assert.strictEqual(yield* outcomeOf(Logins.refresh(hers.refreshToken)), "done")
          if (Option.isNone(granted)) return
          assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.value.refreshToken)), "RefreshRefused")
        }))
    }
  })
})

/** What happens while the session store does not answer: it misses that sessions are to end. */
const missed = (happening: Effect.Effect<unknown, unknown, World>) =>
  Effect.gen(function* () {
    const scene = yield* Scene
    scene.sessionsAreDown = true
    yield* happening
    yield* TestClock.adjust("1 milli")
    scene.sessionsAreDown = false
  })

describe("a session that changes the password", () => {
  it("changes nothing where a reset comes between", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      const [hers, theirs] = [password(), password()]
      yield* meanwhile("a password was compared", reset(person, hers))
      const change = inSession(granted)(Passwords.change(person.id, person.password, theirs))
      assert.strictEqual(yield* outcomeOf(change), "InvalidCredentials")
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, password: theirs })), "InvalidCredentials")
      assert.strictEqual(yield* outcomeOf(logIn({ ...person, password: hers })), "done")
    }))

  it("does not survive a reset that comes right after it, though the store missed that", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* meanwhile("a customer was written", missed(reset(person)))
      yield* inSession(granted)(Passwords.change(person.id, person.password, password()))
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "RefreshRefused")
    }))

  it("does not survive a suspension before it, though the store missed that", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* missed(asStaff(Accounts.suspend(person.id, "chargebacks")))
      yield* asStaff(Accounts.reactivate(person.id, "paid"))
      yield* inSession(granted)(Passwords.change(person.id, person.password, password()))
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "RefreshRefused")
    }))
})

describe("a caller who hangs up", () => {
  const hangUp = Effect.withFiber((fiber) => Effect.sync(() => fiber.interruptUnsafe()))

  for (const [ending, happening] of Object.entries(endings)) {
    it(`in the middle of ${ending} leaves no session open`, () =>
      Effect.gen(function* () {
        const person = yield* verified()
        const granted = yield* logIn(person)
        yield* meanwhile("a customer was written", hangUp)
        const exit = yield* Effect.flatMap(Effect.forkChild(happening(person)), Fiber.await)
        assert.isTrue(Exit.hasInterrupts(exit))
        yield* assertLeftOut(person, Option.some(granted))
      }))
  }
})
