import { assert, describe } from "@effect/vitest"
import { Array, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as Customers from "../src/customer/Customers.ts"
import * as Accounts from "../src/identity/Accounts.ts"
import * as EmailChanges from "../src/identity/EmailChanges.ts"
import * as Logins from "../src/identity/Logins.ts"
import { MailMemory } from "../src/identity/Mailer.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import * as PhoneVerifications from "../src/identity/PhoneVerifications.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import { it, Scene } from "./identityScene.ts"
import {
  asStaff,
  closed,
  deliverAll,
  from,
  inSession,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  pending,
  registered,
  secretsTo,
  stranger,
  verified
} from "./identityPeople.ts"

const phone = "+1-555-0123-4567"

/** Somebody who has used everything that there is, with all the secrets that she was given or chose. */
const fullLife = Effect.gen(function* () {
  const scene = yield* Scene
  const person = yield* verified()
  const moved = stranger()
  yield* asStaff(Customers.update(person.id, { profile: { firstName: "Zoë Quixote", phone } }))
  const granted = yield* from("203.0.113.7")(logIn(person))
  const renewed = yield* Logins.refresh(granted.refreshToken)
  yield* inSession(renewed)(PhoneVerifications.request(person.id))
  yield* inSession(renewed)(EmailChanges.request(person.id, moved.email))
  yield* Passwords.forgot(person.email)
  const other = yield* pending()
  const again = { ...other, password: password() }
  yield* registered(again)
  scene.hashesAreOutdated = true
  yield* logIn(person)
  scene.hashesAreOutdated = false
  yield* deliverAll
  const sent = (yield* Effect.forEach([person, moved, other], ({ email }) => secretsTo(email))).flat()
  const codes = (yield* MailMemory).texts.flatMap(({ text }) => text.match(/^\d{6}/) ?? [])
  const tokens = [granted, renewed].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken])
  const known = [...tokens, person.password, again.password, other.password].map((secret) => Redacted.value(secret))
  return { person, moved, renewed, codes, secrets: [...sent, ...known.flatMap((text) => text.split("."))] }
})

const listed = (value: unknown): unknown =>
  value instanceof Map || value instanceof Set ? [...value].map((each) => JSON.stringify(each)) : value

describe("what is kept", () => {
  it("holds no password, token or code in plain", () =>
    Effect.gen(function* () {
      const { codes, person, secrets, renewed } = yield* fullLife
      const { writing: _, ...memory } = yield* CustomerMemory
      const sessions = yield* (yield* SessionStore).list(person.id)
      const kept = JSON.stringify([Object.values(memory).map(listed), sessions])
      assert.isAtLeast(secrets.length, 12)
      assert.isNotEmpty(codes)
      const opening = secrets.filter((secret) => secret !== renewed.sessionId)
      for (const secret of opening) assert.notInclude(kept, secret)
      for (const code of codes) assert.notMatch(kept, new RegExp(`\\b${code}\\b`))
      assert.include(kept, person.email)
      assert.isAtLeast(memory.tokens.size, 4)
    }))
})

describe("the log", () => {
  it("tells no address, phone, name, password or token, whatever happens", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { codes, moved, person, renewed, secrets } = yield* fullLife
      yield* Effect.forEach(Array.range(1, 11), () =>
        outcomeOf(Logins.logIn(person.email, password("wrong pass word")))
      )
      const newest = yield* Logins.refresh(renewed.refreshToken)
      yield* TestClock.adjust("11 seconds")
      yield* outcomeOf(Logins.refresh(renewed.refreshToken))
      for (const state of ["refused for now", "too much for the mailer", "refused for good", "taken"] as const) {
        scene.mailsAre = state
        yield* Passwords.forgot(person.email)
        yield* deliverAll
        yield* TestClock.adjust("1 hour")
      }
      yield* Effect.forEach(Array.range(1, 25), () => Passwords.forgot(person.email))
      const reset = yield* newestSecretTo(person.email)
      scene.sessionsAreDown = true
      const chosen = password()
      yield* Passwords.reset(reset, chosen)
      yield* asStaff(Accounts.suspend(person.id, `she wrote from ${person.email}`))
      yield* closed(person.id)
      const log = scene.logged.join("\n")
      assert.isAtLeast(scene.logged.length, 8)
      const later = [newest.accessToken, newest.refreshToken, reset, chosen].map((secret) => Redacted.value(secret))
      const hidden = [...secrets, ...later, "wrong pass word"].filter((text) => text !== renewed.sessionId)
      for (const value of hidden) assert.notInclude(log, value)
      const hers = [person.email, moved.email, phone, "Quixote", "203.0.113.7", "example.com", "Browser"]
      for (const value of hers) assert.notInclude(log.toLowerCase(), value.toLowerCase())
      for (const code of codes) assert.notMatch(log, new RegExp(`\\b${code}\\b`))
    }))
})
