import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import { CommonPasswords } from "../src/identity/CommonPasswords.ts"
import * as Password from "../src/identity/Password.ts"
import * as PasswordHasher from "../src/identity/PasswordHasher.ts"

const owner: Password.PasswordOwner = {
  email: "Jane.Smith@example.com",
  profile: { firstName: "Jane Ängström", lastName: "Smith-Łukasiewicz" }
}

const known = new Set(["password1", "correct horse battery staple", "пароль123"])

const settings = Layer.mergeAll(
  PasswordHasher.layerMemory.pipe(Layer.provide(SecureRandom.layerWebCrypto)),
  Layer.succeed(CommonPasswords, (password) => known.has(password)),
  Layer.succeed(CustomerPolicy, { ...CustomerPolicy.defaultValue(), passwordMinLength: 8 })
)

const hashed = (password: string, whose = owner) =>
  Effect.provide(Password.hashNew(Redacted.make(password), whose), settings)

/** The rule that a password breaks, in the words that its owner is told. */
const refusalOf = (password: string, whose = owner) =>
  Effect.map(Effect.flip(hashed(password, whose)), (error) => {
    assert.strictEqual(error._tag, "WeakPassword")
    return error._tag === "WeakPassword" ? error.message : ""
  })

const family = "👩‍👩‍👧‍👦"

describe("a new password", () => {
  it.effect.each([
    "12345678x",
    "        ",
    "Zoë 李小龍 محمد",
    "🐎🔋📎🐎🔋📎🐎🔋",
    "x".repeat(128),
    "🐎".repeat(128),
    "é".repeat(128),
    "jane.smith@example.com!",
    "smith and jane",
    "tab\tand\nline\u0000",
    "toString",
    "__proto__"
  ])("may be %j", (password) =>
    Effect.gen(function* () {
      const verdict = Password.verify(Redacted.make(password), yield* hashed(password))
      assert.isTrue((yield* Effect.provide(verdict, settings)).matches)
    })
  )

  it.effect.each([
    "",
    "1234567",
    "🐎🔋📎🐎🔋📎🐎",
    // Seven letters, each with an accent of its own that becomes one with it.
    "e\u0301".repeat(7),
    // A ligature is one character until it is spelt out; seven that stay one are too few.
    "ﬀ".repeat(3)
  ])("is not %j, which is too short", (password) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusalOf(password), "must be at least 8 characters long")
    })
  )

  it.effect("is counted in characters as they are once normalised", () =>
    Effect.gen(function* () {
      yield* hashed("ﬀ".repeat(4))
      yield* hashed("e\u0301".repeat(8))
      yield* hashed("e\u0301".repeat(128))
      assert.strictEqual(yield* refusalOf(family), "must be at least 8 characters long")
      yield* hashed(family.repeat(2))
    })
  )

  it.effect.each(["x".repeat(129), "🐎".repeat(129), "ﬀ".repeat(65)])("is not longer than 128 characters", (password) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusalOf(password), "must be at most 128 characters long")
    })
  )

  it.effect.each([
    "jane.smith@example.com",
    "JANE.SMITH@EXAMPLE.COM",
    "Jane.Smith",
    "jane ängström",
    "JANE A\u0308NGSTRO\u0308M",
    "ＪＡＮＥ．ＳＭＩＴＨ",
    "smith-łukasiewicz",
    "jane ängström smith-łukasiewicz",
    "Jane ÄngströmSmith-Łukasiewicz"
  ])("is not %j, which she is known by", (password) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusalOf(password), "must not be the mail address or the name")
    })
  )

  it.effect("may be the name of somebody else", () =>
    Effect.gen(function* () {
      yield* hashed("jane.smith", { email: "ada@example.com" })
      yield* hashed("jane ängström", { email: "ada@example.com", profile: {} })
      yield* hashed("jane ängström", { email: "ada@example.com", profile: { firstName: "", lastName: "" } })
    })
  )

  it.effect.each(["password1", "PassWord1", "correct horse battery staple", "ПАРОЛЬ123", "ｐａｓｓｗｏｒｄ１"])(
    "is not %j, which is common",
    (password) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* refusalOf(password), "must not be one of the most common passwords")
      })
  )

  it.effect.each(["12345678\ud83d", "\udc0e12345678", "1234\udc0e\ud83d5678"])(
    "holds no half of a character",
    (password) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* refusalOf(password), "must not hold lone surrogates")
      })
  )

  it.effect("is repeated by no refusal", () =>
    Effect.gen(function* () {
      for (const password of ["s3cr3t", "password1", "jane.smith", `s3cr3t${"x".repeat(200)}`, "s3cr3t99\ud83d"]) {
        const error = yield* Effect.flip(hashed(password))
        for (const text of [String(error), JSON.stringify(error), error.stack ?? ""]) assert.notInclude(text, password)
      }
    })
  )
})

describe("a password that is compared", () => {
  const verify = (password: string, hash: string | undefined) =>
    Effect.provide(Password.verify(Redacted.make(password), hash), settings)

  it.effect("matches in every spelling that looks the same, and in no other", () =>
    Effect.gen(function* () {
      const hash = yield* hashed("Ångström ﬃ 1")
      for (const same of ["Ångström ﬃ 1", "A\u030angstro\u0308m ﬃ 1", "\u212bngström ffi 1"]) {
        assert.isTrue((yield* verify(same, hash)).matches, same)
      }
      for (const other of ["ångström ﬃ 1", "Angström ﬃ 1", "Ångström ﬃ 1 ", " Ångström ﬃ 1", ""]) {
        assert.isFalse((yield* verify(other, hash)).matches, other)
      }
    })
  )

  it.effect("need not meet the rules of new ones", () =>
    Effect.gen(function* () {
      const hasher = yield* PasswordHasher.PasswordHasher
      const old = yield* hasher.hash(Redacted.make("abc"))
      assert.isTrue((yield* verify("abc", old)).matches)
      assert.isFalse((yield* verify("abc", undefined)).matches)
    }).pipe(Effect.provide(settings))
  )
})
