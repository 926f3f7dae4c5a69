import { argon2Scheme } from "./argon2.ts"
import { bcryptScheme, bcryptSha256Scheme } from "./bcrypt.ts"
import type { PasswordScheme, StoredHash } from "./PasswordScheme.ts"

/** Every kind of hash that is understood. */
const schemes: ReadonlyArray<PasswordScheme> = [argon2Scheme, bcryptSha256Scheme, bcryptScheme]

/** Longer text is no hash of any kind. */
const longest = 512

/** Reads a stored hash; undefined where it is of no kind that is understood, broken, or too costly to be computed. */
export const readHash = (hash: string): StoredHash | undefined => {
  if (hash.length > longest) return undefined
  for (const { read } of schemes) {
    const stored = read(hash)
    if (stored !== undefined) return stored.isAffordable ? stored : undefined
  }
  return undefined
}
