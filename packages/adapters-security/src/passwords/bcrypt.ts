import { genSalt, hash, verify } from "@node-rs/bcrypt"
import { Redacted } from "effect"
import { createHmac } from "node:crypto"
import type { HashingScheme, PasswordScheme } from "./PasswordScheme.ts"

/** Beyond this cost a stored hash is not computed: each step doubles the work. */
const mostCost = 15

const plain = /^\$2[aby]\$(\d{2})\$[./A-Za-z0-9]{53}$/
const hashedBefore = /^\$bcrypt-sha256\$v=2,t=2b,r=(\d{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/

const isAffordable = (form: RegExp, text: string): boolean => {
  const cost = Number(form.exec(text)?.[1] ?? Number.NaN)
  return cost >= 4 && cost <= mostCost
}

/** bcrypt reads 72 bytes and no more. */
const longestForBcrypt = 72

/** Plain bcrypt, as other systems store it. A password that it would cut off matches nothing. */
export const bcrypt: PasswordScheme = {
  recognises: (text) => text.startsWith("$2"),
  isComputable: (text) => isAffordable(plain, text),
  verify: async (password, text) => {
    const matches = await verify(Redacted.value(password), text)
    return matches && Buffer.byteLength(Redacted.value(password)) <= longestForBcrypt
  }
}

const digestOf = (password: Redacted.Redacted, salt: string): string =>
  createHmac("sha256", salt).update(Redacted.value(password)).digest("base64")

const padded = (cost: number): string => String(cost).padStart(2, "0")

/**
 * bcrypt over the base64 of HMAC-SHA-256, keyed with the salt, in the form of passlib's `bcrypt_sha256`, version 2: all
 * of a password counts, however long it is.
 */
export const bcryptSha256 = (cost: number): HashingScheme => ({
  recognises: (text) => text.startsWith("$bcrypt-sha256$"),
  isComputable: (text) => isAffordable(hashedBefore, text),
  verify: (password, text) => {
    const [, rounds, salt = "", digest = ""] = hashedBefore.exec(text) ?? []
    return verify(digestOf(password, salt), `$2b$${padded(Number(rounds))}$${salt}${digest}`)
  },
  hash: async (password) => {
    const salt = (await genSalt({ cost, version: "2b" })).slice(-22)
    const made = await hash(digestOf(password, salt), { salt: `$2b$${padded(cost)}$${salt}` })
    return `$bcrypt-sha256$v=2,t=2b,r=${cost}$${salt}$${made.slice(-31)}`
  },
  isCurrent: (text) => hashedBefore.exec(text)?.[1] === String(cost)
})
