import { Effect, Redacted } from "effect"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { WeakPassword } from "../customer/CustomerErrors.ts"
import type { ProfileChanges } from "../customer/Profile.ts"
import { CommonPasswords } from "./CommonPasswords.ts"
import { PasswordHasher } from "./PasswordHasher.ts"

/** The longest password that is taken, in characters as people count them. */
export const longestPassword = 128

/** One spelling for all that look the same (Unicode NFKC, as NIST SP 800-63B, section 5.1.1.2, has it). */
export const normalize = (password: Redacted.Redacted): Redacted.Redacted =>
  Redacted.make(Redacted.value(password).normalize("NFKC"))

/** Whose password it is to be: what she is known by makes no password. */
export interface PasswordOwner {
  readonly email: string
  readonly profile?: Pick<ProfileChanges, "firstName" | "lastName"> | undefined
}

const namesOf = ({ email, profile }: PasswordOwner): ReadonlyArray<string> => {
  const names = [profile?.firstName, profile?.lastName].filter((name) => typeof name === "string" && name !== "")
  return [email, email.slice(0, email.indexOf("@")), ...names, names.join(" "), names.join("")].map((name) =>
    (name ?? "").normalize("NFKC").toLowerCase()
  )
}

const lengthOf = (password: string): number => [...password].length

/** What is wrong with a new password; undefined where nothing is. */
const weaknessOf = (password: string, owner: PasswordOwner, minLength: number, isCommon: (text: string) => boolean) => {
  const lower = password.toLowerCase()
  if (!password.isWellFormed()) return "must not hold lone surrogates"
  if (lengthOf(password) < minLength) return `must be at least ${minLength} characters long`
  if (lengthOf(password) > longestPassword) return `must be at most ${longestPassword} characters long`
  if (namesOf(owner).includes(lower)) return "must not be the mail address or the name"
  return isCommon(lower) ? "must not be one of the most common passwords" : undefined
}

/**
 * The hash of a new password that meets the shop's rules. Fails with `WeakPassword`, which names the rule, or
 * `HasherBusy`.
 */
export const hashNew = Effect.fnUntraced(function* (given: Redacted.Redacted, owner: PasswordOwner) {
  const password = normalize(given)
  const { passwordMinLength } = yield* CustomerPolicy
  const message = weaknessOf(Redacted.value(password), owner, passwordMinLength, yield* CommonPasswords)
  if (message !== undefined) return yield* new WeakPassword({ message })
  const hasher = yield* PasswordHasher
  return yield* hasher.hash(password)
})

/** Compares what was sent with a stored hash, or with nobody's where there is none. */
export const verify = Effect.fnUntraced(function* (given: Redacted.Redacted, hash: string | undefined) {
  const hasher = yield* PasswordHasher
  return yield* hasher.verify(normalize(given), hash)
})
