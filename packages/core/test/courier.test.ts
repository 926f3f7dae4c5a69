import { assert, describe } from "@effect/vitest"
import { Array, Effect, Metric } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as Customers from "../src/customer/Customers.ts"
import * as Courier from "../src/identity/Courier.ts"
import { IdentityPolicy } from "../src/identity/IdentityPolicy.ts"
import { MailMemory } from "../src/identity/Mailer.ts"
import { type MailFacts, MailTexts } from "../src/identity/MailTexts.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import * as Registrations from "../src/identity/Registrations.ts"
import { Email } from "../src/value/Email.ts"
import { counted } from "./cacheScene.ts"
import { it, Scene } from "./identityScene.ts"
import {
  asStaff,
  deliverAll,
  inSession,
  logIn,
  newestSecretTo,
  outcomeOf,
  password,
  secretsTo,
  stranger,
  subjectsTo,
  verified
} from "./identityPeople.ts"

const { forgot } = Passwords

const waiting = Effect.map(CustomerMemory, ({ mails }) => mails.size)

describe("the courier", () => {
  it("sends nothing to an address that nobody has", () =>
    Effect.gen(function* () {
      const { email } = stranger()
      yield* forgot(email)
      yield* Registrations.resend(email)
      yield* deliverAll
      assert.deepStrictEqual((yield* MailMemory).mails, [])
      assert.strictEqual(yield* waiting, 0)
    }))

  it("sends no link to verify an address that is verified", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* Registrations.resend(person.email)
      yield* deliverAll
      assert.lengthOf(yield* subjectsTo(person.email), 1)
    }))

  it("sends each message once, however many couriers there are", () =>
    Effect.gen(function* () {
      const people = yield* Effect.forEach(Array.range(1, 15), () => verified())
      yield* Effect.forEach(people, ({ email }) => forgot(email))
      yield* Effect.all(Array.replicate(Courier.deliverDue(), 5), { concurrency: "unbounded" })
      for (const { email } of people) assert.lengthOf(yield* subjectsTo(email), 2)
    }))

  it("makes links of the shop's own address alone", () =>
    Effect.gen(function* () {
      const person = stranger()
      const input = { email: person.email, profile: { firstName: "https://evil.example/", lastName: "<b>Click</b>" } }
      yield* Registrations.register(input, person.password)
      const secret = yield* newestSecretTo(person.email)
      yield* Registrations.verifyEmail(secret)
      yield* forgot(person.email)
      yield* deliverAll
      const texts = (yield* MailMemory).mails.map(({ text }) => text)
      const links = texts.flatMap((text) => text.match(/\S+#token=/g) ?? [])
      const shop = "https://shop.example.com/account"
      assert.deepStrictEqual(links, [`${shop}/verify-email#token=`, `${shop}/reset-password#token=`])
      assert.notMatch(texts.join(), /evil|<b>/)
    }).pipe(
      Effect.provideService(IdentityPolicy, {
        ...IdentityPolicy.defaultValue(),
        publicUrl: "https://shop.example.com/account"
      })
    ))

  it("lets a shop find its own words, in the language of the customer", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      yield* asStaff(Customers.update(person.id, { preferences: { language: "de" } }))
      yield* forgot(person.email)
      const written: Array<MailFacts> = []
      const write = (kind: string, facts: MailFacts) => {
        written.push(facts)
        return { subject: `${kind} in ${facts.language}`, text: "Hallo" }
      }
      yield* Effect.provideService(deliverAll, MailTexts, write)
      assert.deepInclude(written[0], { shop: "Customer service", goodFor: "60 minutes", code: "", language: "de" })
      assert.include(yield* subjectsTo(person.email), "reset_password in de")
    }))
})

describe("a message that is not taken", () => {
  it("is tried again, later each time, until it is", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      yield* forgot(person.email)
      scene.mailsAre = "refused for now"
      assert.strictEqual(yield* Courier.deliverDue(), 1)
      for (const seconds of [60, 120, 240]) {
        yield* TestClock.adjust({ seconds: seconds - 1 })
        assert.strictEqual(yield* Courier.deliverDue(), 0)
        yield* TestClock.adjust("1 second")
        assert.strictEqual(yield* Courier.deliverDue(), 1)
      }
      scene.mailsAre = "taken"
      yield* TestClock.adjust("8 minutes")
      const secret = yield* newestSecretTo(person.email)
      assert.strictEqual(yield* waiting, 0)
      assert.strictEqual(yield* outcomeOf(Passwords.reset(secret, password())), "done")
    }))

  it("is given up when it is refused for good, and others go out", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      yield* forgot(person.email)
      scene.mailsAre = "refused for good"
      yield* deliverAll
      assert.strictEqual(yield* waiting, 0)
      assert.strictEqual(yield* counted("customer_messages_dropped_total"), 1)
      scene.mailsAre = "taken"
      yield* forgot(person.email)
      assert.isDefined(yield* newestSecretTo(person.email))
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())))

  it("is given up after 12 times, half a day or more later", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      yield* forgot((yield* verified()).email)
      scene.mailsAre = "refused for now"
      let hours = 0
      while ((yield* waiting) > 0) {
        yield* deliverAll
        yield* TestClock.adjust("1 hour")
        hours += 1
      }
      assert.isAtLeast(hours, 12)
      assert.lengthOf(
        scene.logged.filter((line) => line.includes("it is tried again")),
        11
      )
    }))

  it("holds up no other, even if it breaks the mailer", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const [one, other] = [yield* verified(), yield* verified()]
      yield* forgot(one.email)
      scene.mailsAre = "too much for the mailer"
      yield* deliverAll
      scene.mailsAre = "taken"
      yield* forgot(other.email)
      yield* deliverAll
      assert.lengthOf(yield* secretsTo(other.email), 2)
      assert.isTrue(scene.logged.some((line) => line.includes("could not be made") && line.includes("TypeError")))
      yield* TestClock.adjust("1 minute")
      yield* deliverAll
      assert.lengthOf(yield* secretsTo(one.email), 2)
    }))
})

describe("one recipient", () => {
  const most = 20

  it("gets at most 20 messages of a kind an hour, and more an hour later", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      const shouted = Email.make(person.email.replace(/^./, "Q"))
      yield* Effect.forEach(Array.range(1, 15), () => Effect.andThen(forgot(person.email), forgot(shouted)))
      yield* deliverAll
      // Beside the mail of her registration.
      assert.lengthOf(yield* subjectsTo(person.email), 1 + most)
      assert.strictEqual(yield* waiting, 0)
      assert.strictEqual(yield* counted("customer_messages_dropped_total"), 10)
      assert.isTrue(scene.logged.some((line) => line.includes("too many messages")))
      yield* TestClock.adjust("1 hour")
      yield* forgot(person.email)
      yield* deliverAll
      assert.lengthOf(yield* subjectsTo(person.email), 1 + most + 1)
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())))

  it("gets the link she asked for whatever strangers register under her address", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const strangers = Registrations.register({ email: person.email }, password())
      yield* Effect.forEach(Array.range(1, 25), () => strangers)
      yield* forgot(person.email)
      yield* deliverAll
      assert.strictEqual((yield* subjectsTo(person.email)).at(-1), "Set a new password for Customer service")
    }))

  it("is told all the same that her password has changed", () =>
    Effect.gen(function* () {
      const person = yield* verified()
      const granted = yield* logIn(person)
      yield* Effect.forEach(Array.range(1, 30), () => forgot(person.email))
      yield* deliverAll
      yield* inSession(granted)(Passwords.change(person.id, person.password, password()))
      yield* deliverAll
      assert.strictEqual((yield* subjectsTo(person.email)).at(-1), "Your password at Customer service has changed")
    }))

  it("loses none of them to a mail server that did not answer for an hour", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      scene.mailsAre = "refused for now"
      yield* Effect.forEach(Array.range(1, 5), () => forgot(person.email))
      for (const _ of Array.range(1, 60)) {
        yield* deliverAll
        yield* TestClock.adjust("1 minute")
      }
      scene.mailsAre = "taken"
      yield* TestClock.adjust("1 hour")
      yield* deliverAll
      assert.lengthOf(yield* secretsTo(person.email), 6)
    }))
})
