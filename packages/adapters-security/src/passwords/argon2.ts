import { Buffer } from "node:buffer"
import { type Algorithm, hash, hashRaw, type Version } from "@node-rs/argon2"
import { areEqual, type NewHashes, type PasswordScheme } from "./PasswordScheme.ts"

const argon2id = 2 satisfies Algorithm.Argon2id
const algorithms = new Map<string, Algorithm>([
  ["d", 0 satisfies Algorithm.Argon2d],
  ["i", 1 satisfies Algorithm.Argon2i],
  ["id", argon2id]
])
const versions = new Map<string, Version>([
  ["16", 0 satisfies Version.V0x10],
  ["19", 1 satisfies Version.V0x13]
])

/** OWASP's parameters for argon2id; `memoryCost` is in KiB. */
const parameters = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const current = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/

/** What a stored hash may cost at most, in KiB and in passes: two thirds of a second of one core. */
const mostMemory = 131_072
const mostTime = 10
const mostParallelism = 8

// The PHC string form, with salts of 8 to 64 bytes and digests of 16 to 64.
const form =
  /^\$argon2(id|i|d)\$v=(16|19)\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/** Reads base64 without padding; undefined where a decoder would have to let something pass. */
const decode = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, "base64")
  return bytes.toString("base64").replace(/=+$/, "") === text ? bytes : undefined
}

const isAffordable = (memory: number, time: number, parallelism: number): boolean =>
  time >= 1 &&
  time <= mostTime &&
  parallelism >= 1 &&
  parallelism <= mostParallelism &&
  memory >= 8 * parallelism &&
  memory <= mostMemory

/** Argon2id, argon2i and argon2d. */
export const argon2Scheme: PasswordScheme = {
  read: (text) => {
    const [, kind = "", edition = "", memory, time, lanes, saltText = "", digestText = ""] = form.exec(text) ?? []
    const [algorithm, version] = [algorithms.get(kind), versions.get(edition)]
    const [salt, digest] = [decode(saltText), decode(digestText)]
    if (algorithm === undefined || version === undefined || salt === undefined || digest === undefined) return undefined
    const [memoryCost, timeCost, parallelism] = [Number(memory), Number(time), Number(lanes)]
    const options = { algorithm, version, memoryCost, timeCost, parallelism, salt, outputLen: digest.length }
    return {
      isAffordable: isAffordable(memoryCost, timeCost, parallelism),
      matches: async (password) => areEqual(await hashRaw(password, options), digest)
    }
  }
}

/** Argon2id: 19 MiB and 10 to 40 ms of one core each. */
export const newArgon2Hashes: NewHashes = {
  hash: (password) => hash(password, parameters),
  isLike: (text) => current.test(text)
}
