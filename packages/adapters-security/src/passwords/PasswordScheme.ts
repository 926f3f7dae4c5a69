import { timingSafeEqual } from "node:crypto"

/** A stored hash that was read. */
export interface StoredHash {
  /** Whether it can be computed without keeping a thread or the memory busy for too long. */
  readonly isAffordable: boolean
  /** Computes the hash of a password with the stored one's salt and parameters, and compares; off the main thread. */
  readonly matches: (password: string) => Promise<boolean>
}

/** One kind of stored hash. */
export interface PasswordScheme {
  /** Reads a hash of this kind; undefined for one of another kind and for one with a broken field. */
  readonly read: (hash: string) => StoredHash | undefined
}

/** How new hashes are made. */
export interface NewHashes {
  readonly hash: (password: string) => Promise<string>
  /** Whether a hash is of the same algorithm and parameters. */
  readonly isLike: (hash: string) => boolean
}

/** Compares two digests in a time that does not tell where they differ. */
export const areEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other)
