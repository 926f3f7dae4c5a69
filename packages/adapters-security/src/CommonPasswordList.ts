import { CommonPasswords } from "@customer-service/core"
import { Layer } from "effect"
import { createRequire } from "node:module"

/** How many of the commonest passwords are refused. */
const length = 10_000

let list: ReadonlySet<string> | undefined

/** Read when the first password is chosen: the list takes some milliseconds and a megabyte. */
const read = (): ReadonlySet<string> => {
  const { dictionary } = createRequire(import.meta.url)("@zxcvbn-ts/language-common")
  const passwords: ReadonlyArray<string> = dictionary["passwords-common"]
  return new Set(passwords.slice(0, length).map((password) => password.toLowerCase()))
}

/** Knows the 10,000 commonest passwords, in the order that zxcvbn's list has them. */
export const layer: Layer.Layer<never> = Layer.succeed(CommonPasswords, (password) => {
  list ??= read()
  return list.has(password)
})
