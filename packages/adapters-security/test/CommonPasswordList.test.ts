import { CommonPasswords, Password } from "@customer-service/core"
import { CommonPasswordList, PasswordHashing } from "@customer-service/adapters-security"
import { describe, expect, it } from "@effect/vitest"
import { dictionary } from "@zxcvbn-ts/language-common"
import { Effect, Layer, Redacted } from "effect"

const { isCommon } = CommonPasswordList

describe("the commonest passwords", () => {
  it("are the first ten thousand of their source", () => {
    const source = dictionary["passwords-common"]
    expect(source.slice(0, 10_000).filter((password) => !isCommon(password))).toStrictEqual([])
    expect(source.slice(10_000).filter(isCommon)).toStrictEqual([])
  })

  it.each(["123456", "password", "qwertyuiop", "iloveyou", "password123", "trustno1"])("%s is one", (password) => {
    expect(isCommon(password)).toBe(true)
  })

  it.each(["securepassword123", "correct horse battery staple", "", "__proto__", "constructor", "123456 password"])(
    "'%s' is none",
    (password) => {
      expect(isCommon(password)).toBe(false)
    }
  )

  const hashNew = (password: string) => Password.hashNew(Redacted.make(password), { email: "ada@example.com" })

  const services = Layer.merge(CommonPasswordList.layer, PasswordHashing.layer({ algorithm: "bcrypt", bcryptCost: 4 }))

  it.effect("are refused in whatever capitals and letter forms, where the list is provided", () =>
    Effect.gen(function* () {
      for (const password of ["password123", "PassWord123", "ｐａｓｓｗｏｒｄ１２３"]) {
        expect((yield* Effect.flip(hashNew(password)))._tag).toBe("WeakPassword")
      }
      yield* hashNew("securePassword123")
    }).pipe(Effect.provide(services))
  )

  it.effect("are not known where it is not", () =>
    Effect.gen(function* () {
      expect((yield* CommonPasswords)("password")).toBe(false)
    })
  )
})
