import { assert, describe } from "@effect/vitest"
import { Array, Effect } from "effect"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import * as Customers from "../src/customer/Customers.ts"
import * as Logins from "../src/identity/Logins.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import * as Registrations from "../src/identity/Registrations.ts"
import { it } from "./identityScene.ts"
import {
  asStaff,
  idOf,
  inSession,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  type Person,
  registered,
  stranger
} from "./identityPeople.ts"

const { register, resend, verifyEmail } = Registrations

/** A shop that lets people in before they verified their address. */
const inTrustingShop = Effect.provideService(CustomerPolicy, {
  ...CustomerPolicy.defaultValue(),
  emailVerificationRequired: false
})

/** Two who register one address, each with a password and the secret that was mailed for it. */
const twoOfOneAddress = Effect.gen(function* () {
  const first = stranger()
  const second = { ...first, password: password() }
  const registrations = [
    { ...first, secret: yield* registered(first) },
    { ...second, secret: yield* registered(second) }
  ] as const
  return registrations
})

const canLogIn = (person: Person) => Effect.map(outcomeOf(logIn(person)), (outcome) => outcome === "done")

describe("of two registrations of an address that is not verified", () => {
  for (const used of [0, 1] as const) {
    const name = used === 0 ? "first" : "second"

    it(`the ${name}'s password stands when its link is used, and the other's is of no use`, () =>
      Effect.gen(function* () {
        const both = yield* twoOfOneAddress
        const [one, other] = [both[used], both[1 - used] ?? both[0]]
        const { customerId, passwordRequired } = yield* verifyEmail(one.secret)
        assert.isFalse(passwordRequired)
        assert.deepStrictEqual([yield* canLogIn(one), yield* canLogIn(other)], [true, false])
        assert.strictEqual(yield* outcomeOf(verifyEmail(other.secret)), "TokenRefused")
        assert.isTrue(yield* canLogIn(one))
        assert.isFalse((yield* CustomerMemory).contested.has(customerId))
      }))

    it(`the ${name}'s link ends every session there was, and every other link`, () =>
      Effect.gen(function* () {
        const both = yield* twoOfOneAddress
        const before = yield* logIn(both[0])
        yield* Passwords.forgot(both[0].email)
        const reset = yield* newestSecretTo(both[0].email)
        yield* verifyEmail(both[used].secret)
        assert.strictEqual(yield* outcomeOf(Logins.refresh(before.refreshToken)), "RefreshRefused")
        assert.strictEqual(yield* outcomeOf(Passwords.reset(reset, password())), "TokenRefused")
      }).pipe(inTrustingShop))
  }

  it("a link that is sent again leaves no password, and a session of neither", () =>
    Effect.gen(function* () {
      const [first, second] = yield* twoOfOneAddress
      const before = yield* logIn(first)
      yield* resend(first.email)
      const verdict = yield* verifyEmail(yield* newestSecretTo(first.email))
      assert.deepStrictEqual(verdict, { customerId: before.customerId, passwordRequired: true })
      assert.deepStrictEqual([yield* canLogIn(first), yield* canLogIn(second)], [false, false])
      assert.strictEqual(yield* outcomeOf(Logins.refresh(before.refreshToken)), "RefreshRefused")
      for (const { secret } of [first, second]) {
        assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "TokenRefused")
      }
      yield* Passwords.forgot(first.email)
      const chosen = password()
      yield* Passwords.reset(yield* newestSecretTo(first.email), chosen)
      assert.isTrue(yield* canLogIn({ ...first, password: chosen }))
    }).pipe(inTrustingShop))

  it("neither password stands once a new one was set by mail", () =>
    Effect.gen(function* () {
      const [first, second] = yield* twoOfOneAddress
      yield* Passwords.forgot(first.email)
      const chosen = password()
      yield* Passwords.reset(yield* newestSecretTo(first.email), chosen)
      const people = [first, second, { ...first, password: chosen }]
      assert.deepStrictEqual(yield* Effect.forEach(people, canLogIn), [false, false, true])
      for (const { secret } of [first, second]) {
        assert.strictEqual(yield* outcomeOf(verifyEmail(secret)), "TokenRefused")
      }
    }))
})

describe("the link of the only registration", () => {
  it("lets her sessions go on", () =>
    Effect.gen(function* () {
      const person = stranger()
      const secret = yield* registered(person)
      const granted = yield* logIn(person)
      yield* verifyEmail(secret)
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "done")
    }).pipe(inTrustingShop))

  it("of an account that a service made without a password gives it one", () =>
    Effect.gen(function* () {
      const person = stranger()
      yield* asStaff(Customers.register({ email: person.email }))
      yield* verifyEmail(yield* registered(person))
      assert.isTrue(yield* canLogIn(person))
    }))
})

describe("many who register one address at once", () => {
  it("make one account, and each link but the one that is used first is of no use", () =>
    Effect.gen(function* () {
      const { email } = stranger()
      const people = Array.makeBy(10, () => ({ email, password: password() }))
      yield* Effect.forEach(people, (person) => register(person, person.password), { concurrency: "unbounded" })
      const { customers, tokens } = yield* CustomerMemory
      assert.strictEqual(customers.size, 1)
      yield* verifyEmail(yield* newestSecretTo(email))
      const outcomes = yield* Effect.forEach(people, canLogIn)
      assert.lengthOf(
        outcomes.filter((isIn) => isIn),
        1
      )
      assert.strictEqual(tokens.size, 0)
      assert.isDefined(yield* idOf(email))
    }))
})

describe("a stranger who is logged in where somebody else's address was registered before", () => {
  it("keeps nothing of it by changing the password meanwhile", () =>
    Effect.gen(function* () {
      const thief = stranger()
      yield* registered(thief)
      const granted = yield* logIn(thief)
      const owner = { ...thief, password: password() }
      yield* registered(owner)
      const chosen = password()
      yield* inSession(granted)(Passwords.change(granted.customerId, thief.password, chosen))
      yield* resend(owner.email)
      const verdict = yield* verifyEmail(yield* newestSecretTo(owner.email))
      assert.isTrue(verdict.passwordRequired)
      assert.deepStrictEqual(yield* Effect.forEach([thief, { ...thief, password: chosen }], canLogIn), [false, false])
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "RefreshRefused")
    }).pipe(inTrustingShop))

  it("cannot go on for long ending the owner's links by changing the password", () =>
    Effect.gen(function* () {
      const thief = stranger()
      yield* registered(thief)
      let [granted, present] = [yield* logIn(thief), thief.password]
      const changed = Effect.gen(function* () {
        const chosen = password()
        yield* inSession(granted)(Passwords.change(granted.customerId, present, chosen))
        granted = yield* Logins.refresh(granted.refreshToken)
        present = chosen
      })
      const outcomes = yield* Effect.forEach(Array.range(1, 11), () => outcomeOf(changed))
      assert.deepStrictEqual(outcomes, [...Array.replicate("done", 10), "TooManyAttempts"])
      yield* Passwords.forgot(thief.email)
      const secret = yield* newestSecretTo(thief.email)
      yield* outcomeOf(changed)
      assert.strictEqual(yield* outcomeOf(Passwords.reset(secret, password())), "done")
      assert.strictEqual(yield* outcomeOf(Logins.refresh(granted.refreshToken)), "RefreshRefused")
    }).pipe(inTrustingShop))
})
