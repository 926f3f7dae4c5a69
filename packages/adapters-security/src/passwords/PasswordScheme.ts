import type { Redacted } from "effect"

/** One way of hashing passwords: which stored hashes are its own, and how a password is compared with them. */
export interface PasswordScheme {
  /** Whether a stored hash is written in this scheme's form. */
  readonly recognises: (hash: string) => boolean
  /** Whether the hash is whole, and cheap enough to be computed. */
  readonly isComputable: (hash: string) => boolean
  readonly verify: (password: Redacted.Redacted, hash: string) => Promise<boolean>
}

/** A scheme that new passwords are hashed with. */
export interface HashingScheme extends PasswordScheme {
  readonly hash: (password: Redacted.Redacted) => Promise<string>
  /** Whether a hash of this scheme was made with the parameters that new ones are made with. */
  readonly isCurrent: (hash: string) => boolean
}
