import { assert, describe } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as Accounts from "../src/identity/Accounts.ts"
import * as EmailChanges from "../src/identity/EmailChanges.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import { verifyEmail } from "../src/identity/Registrations.ts"
import type { Email } from "../src/value/Email.ts"
import { it, meanwhile, Scene, type World } from "./identityScene.ts"
import {
  asStaff,
  deliverAll,
  inSession,
  type KnownPerson,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  secretsTo,
  stranger,
  subjectsTo,
  verified
} from "./identityPeople.ts"

/** A thief who is logged in as somebody asks for an address of his own. */
const thiefAsksFor = Effect.fnUntraced(function* (email: Email) {
  const person = yield* verified()
  yield* inSession(yield* logIn(person))(EmailChanges.request(person.id, email))
  return person
})

describe("a link to confirm another address that a thief asked for", () => {
  const remedies: Readonly<Record<string, (person: KnownPerson) => Effect.Effect<unknown, unknown, World>>> = {
    "a reset of the password": Effect.fnUntraced(function* (person: KnownPerson) {
      yield* Passwords.forgot(person.email)
      yield* Passwords.reset(yield* newestSecretTo(person.email), password())
    }),
    "a suspension, though the account is opened again": Effect.fnUntraced(function* ({ id }: KnownPerson) {
      yield* asStaff(Accounts.suspend(id, "taken over"))
      yield* asStaff(Accounts.reactivate(id, "back with its owner"))
    })
  }

  for (const [remedy, happens] of Object.entries(remedies)) {
    it(`is ended by ${remedy}`, () =>
      Effect.gen(function* () {
        const { email } = stranger()
        const person = yield* thiefAsksFor(email)
        const secret = yield* newestSecretTo(email)
        yield* happens(person)
        assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "TokenRefused")
      }))

    it(`is not sent after ${remedy}, where the mail server would not take it until then`, () =>
      Effect.gen(function* () {
        const scene = yield* Scene
        const { email } = stranger()
        const person = yield* thiefAsksFor(email)
        scene.mailsAre = "refused for now"
        yield* deliverAll
        scene.mailsAre = "taken"
        yield* happens(person)
        yield* TestClock.adjust("3 hours")
        yield* deliverAll
        assert.deepStrictEqual(yield* subjectsTo(email), [])
      }))

    for (const moment of ["an account was read", "a message was about to go out"] as const) {
      it(`is of no use where ${remedy} comes right after ${moment}`, () =>
        Effect.gen(function* () {
          const { email } = stranger()
          const person = yield* thiefAsksFor(email)
          yield* meanwhile(moment, happens(person))
          yield* deliverAll
          for (const secret of yield* secretsTo(email)) {
            assert.strictEqual(yield* outcomeOf(verifyEmail(Redacted.make(secret))), "TokenRefused")
          }
        }))
    }
  }
})
