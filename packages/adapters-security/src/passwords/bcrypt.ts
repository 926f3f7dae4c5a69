import { Buffer } from "node:buffer"
import { createHmac } from "node:crypto"
import { genSalt, hash } from "@node-rs/bcrypt"
import { areEqual, type NewHashes, type PasswordScheme } from "./PasswordScheme.ts"

const leastCost = 4
/** What a stored hash may cost at most: two to three seconds of one core. */
const mostCost = 15

/** How many bytes of a password bcrypt looks at. */
const mostBytes = 72

const isAffordable = (cost: number): boolean => cost >= leastCost && cost <= mostCost

const alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/** The same salt in its one proper spelling: of its last character only two bits count. */
const properSalt = (salt: string): string =>
  `${salt.slice(0, -1)}${alphabet[alphabet.indexOf(salt.slice(-1)) & 0b110000]}`

/** The 31 characters that bcrypt makes of a password and a salt of 22. */
const digestOf = async (password: string, cost: number, salt: string): Promise<string> =>
  (await hash(password, { salt: `$2b$${String(cost).padStart(2, "0")}$${salt}` })).slice(-31)

const isDigest = async (digest: string, computed: Promise<string>): Promise<boolean> =>
  areEqual(Buffer.from(digest), Buffer.from(await computed))

const plainForm = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/

// What stands after the 72nd byte is not looked at, and a zero byte makes repetitions of one password alike: such a
// password is not told apart from others.
const isToldApart = (password: string): boolean =>
  Buffer.byteLength(password) <= mostBytes && !password.includes("\u0000")

/** Bcrypt as it is, whichever of its equal prefixes $2a$, $2b$ and $2y$ it has. */
export const bcryptScheme: PasswordScheme = {
  read: (text) => {
    const [, cost, salt, digest] = plainForm.exec(text) ?? []
    if (salt === undefined || digest === undefined) return undefined
    return {
      isAffordable: isAffordable(Number(cost)),
      matches: async (password) => {
        const isSame = await isDigest(digest, digestOf(password, Number(cost), properSalt(salt)))
        return isSame && isToldApart(password)
      }
    }
  }
}

// The form that Passlib publishes as bcrypt_sha256, version 2.
const hashedForm = /^\$bcrypt-sha256\$v=2,t=2b,r=(\d{1,2})\$([./A-Za-z0-9]{21}[.Oeu])\$([./A-Za-z0-9]{31})$/

/** The bytes of a password of any length and content as text of 44 characters, which bcrypt reads in full. */
const hashedFirst = (password: string, salt: string): string =>
  createHmac("sha256", salt).update(password).digest("base64")

/** Bcrypt over an HMAC of the password. */
export const bcryptSha256Scheme: PasswordScheme = {
  read: (text) => {
    const [, cost, salt, digest] = hashedForm.exec(text) ?? []
    if (salt === undefined || digest === undefined) return undefined
    return {
      isAffordable: isAffordable(Number(cost)),
      matches: (password) => isDigest(digest, digestOf(hashedFirst(password, salt), Number(cost), salt))
    }
  }
}

/** Bcrypt over an HMAC of the password, with this cost: each step doubles the time. */
export const newBcryptHashes = (cost: number): NewHashes => ({
  hash: async (password) => {
    const salt = (await genSalt({ cost })).slice(-22)
    return `$bcrypt-sha256$v=2,t=2b,r=${cost}$${salt}$${await digestOf(hashedFirst(password, salt), cost, salt)}`
  },
  isLike: (text) => hashedForm.exec(text)?.[1] === String(cost)
})
