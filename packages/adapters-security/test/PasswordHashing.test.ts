import { passwordHasherContract } from "@customer-service/core/testing"
import { PasswordHashing } from "@customer-service/adapters-security"
import { describe, expect, it } from "@effect/vitest"
import { hash as argon2 } from "@node-rs/argon2"
import { hash as bcryptOf } from "@node-rs/bcrypt"
import { Effect } from "effect"
import { argon2id, bcrypt, hasherWith, right, wrong } from "./passwords.ts"

passwordHasherContract("argon2id", PasswordHashing.layer(argon2id))
passwordHasherContract("bcrypt", PasswordHashing.layer(bcrypt))

const password = "correct horse battery staple"

describe("new hashes", () => {
  it.effect("name argon2id and OWASP's parameters", () =>
    Effect.gen(function* () {
      const { hash } = yield* hasherWith(argon2id)
      expect(yield* hash(password)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    })
  )

  it.effect("name bcrypt over SHA-256 and its cost, where that is asked for", () =>
    Effect.gen(function* () {
      const { hash } = yield* hasherWith({ algorithm: "bcrypt", bcryptCost: 10 })
      expect(yield* hash(password)).toMatch(/^\$bcrypt-sha256\$v=2,t=2b,r=10\$[./A-Za-z0-9]{22}\$[./A-Za-z0-9]{31}$/)
    })
  )

  it.effect("are verified by a hasher of the other algorithm, and outdated there", () =>
    Effect.gen(function* () {
      for (const [one, other] of [
        [argon2id, bcrypt],
        [bcrypt, argon2id],
        [bcrypt, { ...bcrypt, bcryptCost: 5 }]
      ] as const) {
        const { hash } = yield* hasherWith(one)
        const { verify } = yield* hasherWith(other)
        const hashed = yield* hash(password)
        expect(yield* verify(password, hashed)).toStrictEqual(right)
        expect(yield* verify(`${password}r`, hashed)).toStrictEqual(wrong)
      }
    })
  )
})

describe("passwords that differ after the 72nd byte", () => {
  const [one, other] = [`${"é".repeat(36)}one`, `${"é".repeat(36)}other`]

  it.effect("are told apart by new hashes of bcrypt", () =>
    Effect.gen(function* () {
      const { hash, verify } = yield* hasherWith(bcrypt)
      const hashed = yield* hash(one)
      expect(yield* verify(one, hashed)).toStrictEqual({ matches: true, outdated: false })
      expect(yield* verify(other, hashed)).toStrictEqual({ matches: false, outdated: false })
    })
  )

  it.effect("match no plain hash of bcrypt, which would tell none of them from another", () =>
    Effect.gen(function* () {
      const { verify } = yield* hasherWith(bcrypt)
      const hashed = yield* Effect.promise(() => bcryptOf(one, { cost: 4 }))
      for (const longer of [one, other]) expect(yield* verify(longer, hashed)).toStrictEqual(wrong)
      expect(yield* verify("é".repeat(36), hashed)).toStrictEqual(right)
    })
  )

  it.effect("nor do those that repeat themselves after a zero byte", () =>
    Effect.gen(function* () {
      const { verify } = yield* hasherWith(bcrypt)
      const hashed = yield* Effect.promise(() => bcryptOf("abc", { cost: 4 }))
      expect(yield* verify("abc", hashed)).toStrictEqual(right)
      expect(yield* verify("abc\0abc", hashed)).toStrictEqual(wrong)
    })
  )
})

describe("published hashes", () => {
  it.effect.each([
    ["argon2i", "password", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"],
    ["argon2id", "password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"],
    ["argon2 16", "password", "$argon2i$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"],
    ["bcrypt 2a", "U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
    ["bcrypt 2y", "rasmuslerdorf", "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq"],
    ["empty", "", "$bcrypt-sha256$v=2,t=2b,r=5$E/e/2AOhqM5W/KJTFQzLce$WFPIZKtDDTriqWwlmRFfHiOTeheAZWe"],
    ["bcrypt-sha256", "password", "$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2"]
  ] as const)("of %s match their password alone", ([, text, hashed]) =>
    Effect.gen(function* () {
      const { verify } = yield* hasherWith(argon2id)
      expect(yield* verify(text, hashed)).toStrictEqual(right)
      expect(yield* verify(`${text}x`, hashed)).toStrictEqual(wrong)
      expect(yield* verify(text, `${hashed.slice(0, -3)}abc`)).toStrictEqual(wrong)
    })
  )
})

describe("stored hashes of argon2", () => {
  const hashedWith = (memoryCost: number, timeCost: number, parallelism: number) =>
    Effect.promise(() => argon2(password, { algorithm: 2, memoryCost, timeCost, parallelism }))

  it.effect("are computed up to 128 MiB, 10 passes and 8 lanes", () =>
    Effect.gen(function* () {
      const { verify } = yield* hasherWith(argon2id)
      for (const [memory, time, lanes] of [
        [131_072, 1, 1],
        [64, 10, 1],
        [64, 1, 8]
      ] as const) {
        expect(yield* verify(password, yield* hashedWith(memory, time, lanes))).toStrictEqual(right)
      }
    })
  )

  it.effect("match nothing beyond", () =>
    Effect.gen(function* () {
      const { verify } = yield* hasherWith(argon2id)
      for (const [memory, time, lanes] of [
        [131_073, 1, 1],
        [64, 11, 1],
        [72, 1, 9]
      ] as const) {
        expect(yield* verify(password, yield* hashedWith(memory, time, lanes))).toStrictEqual(wrong)
      }
    })
  )

  it.effect("match nothing in another spelling of the same bytes", () =>
    Effect.gen(function* () {
      const { hash, verify } = yield* hasherWith(argon2id)
      const hashed = yield* hash(password)
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
      const next = alphabet[alphabet.indexOf(hashed.slice(-1)) + 1]
      expect((yield* verify(password, `${hashed.slice(0, -1)}${next}`)).matches).toBe(false)
      expect((yield* verify(password, `${hashed}=`)).matches).toBe(false)
    })
  )
})
