import { assert, describe } from "@effect/vitest"
import { Array, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import * as Customers from "../src/customer/Customers.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { MailMemory } from "../src/identity/Mailer.ts"
import * as PhoneVerifications from "../src/identity/PhoneVerifications.ts"
import { freshWord } from "../src/testing/index.ts"
import { it } from "./identityScene.ts"
import { asStaff, closed, deliverAll, outcomeOf, snapshotOf, verified } from "./identityPeople.ts"

const { confirm, request } = PhoneVerifications

const setPhone = (id: CustomerId, phone: string | null) => asStaff(Customers.update(id, { profile: { phone } }))

const someoneWithPhone = Effect.fnUntraced(function* (phone = "+1-555-0123") {
  const { id } = yield* verified()
  yield* setPhone(id, phone)
  return id
})

/** The code of the newest text message, once everything that waits is sent. */
const newestCode = Effect.gen(function* () {
  yield* deliverAll
  const { texts } = yield* MailMemory
  const code = /^(?<code>\d{6}) is your code/.exec(texts.at(-1)?.text ?? "")?.groups?.code
  assert.isDefined(code)
  return Redacted.make(code ?? "")
})

const codeFor = (id: CustomerId) => Effect.andThen(request(id), newestCode)

/** A code that was not sent. */
const otherThan = (code: Redacted.Redacted) => Redacted.make(Redacted.value(code) === "000000" ? "000001" : "000000")

describe("a code", () => {
  it("of six digits is sent to her phone, and verifies it", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      const code = yield* codeFor(id)
      const { texts } = yield* MailMemory
      assert.deepInclude(texts.at(-1), { to: "+1-555-0123", customerId: id })
      const customer = yield* confirm(id, code)
      assert.isTrue(customer.phoneVerified)
      const { audits, events } = yield* CustomerMemory
      assert.deepInclude(audits.at(-1), { action: "phone_verified" })
      assert.deepInclude(events.at(-1)?.envelope.data, { changed: ["phoneVerified"], version: customer.version })
    }))

  it("makes an account active that waited for it alone", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      assert.strictEqual((yield* snapshotOf(id)).customer.status, "pending")
      assert.strictEqual((yield* confirm(id, yield* codeFor(id))).status, "active")
    }).pipe(
      Effect.provideService(CustomerPolicy, { ...CustomerPolicy.defaultValue(), phoneVerificationRequired: true })
    ))

  it("works once, also of 20 times at once", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      const code = yield* codeFor(id)
      const attempts = Array.replicate(outcomeOf(confirm(id, code)), 20)
      const outcomes = yield* Effect.all(attempts, { concurrency: "unbounded" })
      assert.lengthOf(
        outcomes.filter((outcome) => outcome === "done"),
        1
      )
    }))

  it("is good for ten minutes", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      const code = yield* codeFor(id)
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(yield* outcomeOf(confirm(id, code)), "CodeRefused")
    }))

  it("is ended by a newer one", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      let [older, newer] = [yield* codeFor(id), yield* codeFor(id)]
      if (Redacted.value(older) === Redacted.value(newer)) newer = yield* codeFor(id)
      assert.strictEqual(yield* outcomeOf(confirm(id, older)), "CodeRefused")
      assert.strictEqual(yield* outcomeOf(confirm(id, newer)), "done")
    }))

  it("for an older phone is refused", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      const code = yield* codeFor(id)
      yield* setPhone(id, "+1-555-0124")
      assert.strictEqual(yield* outcomeOf(confirm(id, code)), "CodeRefused")
      yield* setPhone(id, null)
      assert.strictEqual(yield* outcomeOf(confirm(id, code)), "CodeRefused")
      assert.isFalse((yield* snapshotOf(id)).customer.phoneVerified)
    }))

  it("of somebody else is refused, though the phone is the same", () =>
    Effect.gen(function* () {
      const [hers, mine] = [yield* someoneWithPhone(), yield* someoneWithPhone()]
      const code = yield* codeFor(hers)
      assert.strictEqual(yield* outcomeOf(confirm(mine, code)), "CodeRefused")
      assert.strictEqual(yield* outcomeOf(confirm(hers, code)), "done")
    }))

  it("that was taken is told again to whoever sends it with the same key", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      const code = yield* codeFor(id)
      const once = { key: freshWord(), fingerprint: "body", answer: () => "verified" }
      yield* confirm(id, code, once)
      const again = yield* Effect.flip(confirm(id, code, once))
      assert.deepInclude(again, { _tag: "AlreadyAnswered", answer: "verified" })
    }))
})

describe("a wrong code", () => {
  it("5 times is answered with TooManyAttempts for 15 minutes, right ones too", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      const code = yield* codeFor(id)
      const wrong = Array.replicate(outcomeOf(confirm(id, otherThan(code))), 50)
      const outcomes = yield* Effect.all(wrong, { concurrency: "unbounded" })
      assert.lengthOf(
        outcomes.filter((outcome) => outcome === "CodeRefused"),
        5
      )
      assert.strictEqual(yield* outcomeOf(confirm(id, code)), "TooManyAttempts")
      assert.strictEqual(yield* outcomeOf(confirm(id, yield* codeFor(id))), "TooManyAttempts")
      yield* TestClock.adjust("15 minutes")
      assert.strictEqual(yield* outcomeOf(confirm(id, yield* codeFor(id))), "done")
    }))

  it("is forgotten with a right one", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      for (const _ of [1, 2]) {
        const code = yield* codeFor(id)
        yield* Effect.forEach(Array.range(1, 4), () => outcomeOf(confirm(id, otherThan(code))))
        assert.strictEqual(yield* outcomeOf(confirm(id, code)), "done")
      }
    }))
})

describe("asking for a code", () => {
  it("without a phone fails with PhoneMissing", () =>
    Effect.gen(function* () {
      const { id } = yield* verified()
      assert.strictEqual(yield* outcomeOf(request(id)), "PhoneMissing")
    }))

  it("happens 5 times an hour", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      const outcomes = yield* Effect.all(Array.replicate(outcomeOf(request(id)), 6))
      assert.deepStrictEqual(outcomes, [...Array.replicate("done", 5), "TooManyAttempts"])
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* outcomeOf(request(id)), "done")
    }))

  it("sends at most 20 an hour to one phone, however many customers have it and however it is spelled", () =>
    Effect.gen(function* () {
      const spellings = ["+1-555-0123", "+1 555 0123", "+15550123", "+1 (555) 01.23", "+1/555-0123"]
      for (const phone of spellings) {
        const id = yield* someoneWithPhone(phone)
        yield* Effect.all(Array.replicate(request(id), 5))
      }
      yield* deliverAll
      assert.lengthOf((yield* MailMemory).texts, 20)
    }))

  it("is not for an account that is closed", () =>
    Effect.gen(function* () {
      const id = yield* someoneWithPhone()
      const code = yield* codeFor(id)
      yield* closed(id)
      assert.strictEqual(yield* outcomeOf(request(id)), "CustomerNotFound")
      assert.strictEqual(yield* outcomeOf(confirm(id, code)), "CustomerNotFound")
      assert.strictEqual(yield* outcomeOf(asStaff(request(id))), "CustomerNotFound")
    }))
})
