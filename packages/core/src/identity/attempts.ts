import { Effect } from "effect"
import { Digest } from "effect/crypto"
import { type AttemptLimit, takeAll } from "../request/AttemptLimiter.ts"
import { CurrentCaller } from "../request/Caller.ts"
import { uniqueForm } from "../value/Email.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"

/** A name for what is counted that does not tell whose it is. */
const nameOf = Effect.fnUntraced(function* (kind: string, subject: string) {
  const digest = yield* Digest.Digest
  return `${kind}:${(yield* digest.digestHex(Digest.sha256, new TextEncoder().encode(subject))).slice(0, 32)}`
})

/** The key that attempts on an account are counted under: known addresses and unknown ones alike. */
export const accountKey = (email: string) => nameOf("account", uniqueForm(email))

/** The key that messages to a recipient are counted under. */
export const recipientKey = (recipient: string) => nameOf("recipient", uniqueForm(recipient))

/** The keys that a login is counted under; there is none for its network address where that is not known. */
export const loginKeys = Effect.fnUntraced(function* (email: string) {
  const { address } = yield* CurrentCaller
  return { account: yield* accountKey(email), address: address === undefined ? undefined : `login:${address}` }
})

/** Counts a login before it is tried, or fails with `TooManyAttempts`. */
export const takeLogin = Effect.fnUntraced(function* (email: string) {
  const { limits } = yield* IdentityPolicy
  const { account, address } = yield* loginKeys(email)
  const byAddress = address === undefined ? [] : [[address, limits.loginsByAddress] as const]
  yield* takeAll([...byAddress, [account, limits.loginsByAccount]])
})

/** Counts something that a network address may do so often, or fails with `TooManyAttempts`. */
export const takeByAddress = Effect.fnUntraced(function* (what: string, limit: AttemptLimit) {
  const { address } = yield* CurrentCaller
  if (address !== undefined) yield* takeAll([[`${what}:${address}`, limit]])
})
