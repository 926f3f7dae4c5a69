import { Context, Effect, Redacted } from "effect"
import { Digest } from "effect/crypto"
import { type AttemptLimit, AttemptLimiter, takeAll } from "../request/AttemptLimiter.ts"
import { CurrentCaller } from "../request/Caller.ts"
import { uniqueForm } from "../value/Email.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"
import type { MailKind, MailRequest } from "./MailRequest.ts"

/**
 * What the names of counts are keyed with. Without it a name could be told from its digest: there are not many phones,
 * and lists of addresses are for sale.
 */
export const CountingSecret = Context.Reference<Redacted.Redacted>("@customer-service/core/CountingSecret", {
  defaultValue: () => Redacted.make("")
})

/** A name for what is counted that does not tell whose it is: it outlives her by the length of a window. */
const nameOf = Effect.fnUntraced(function* (kind: string, subject: string) {
  const digest = yield* Digest.Digest
  const text = `${Redacted.value(yield* CountingSecret)}\n${kind}\n${subject}`
  return `${kind}:${(yield* digest.digestHex(Digest.sha256, new TextEncoder().encode(text))).slice(0, 32)}`
})

/** The key that attempts on an account are counted under: known addresses and unknown ones alike. */
export const accountKey = (email: string) => nameOf("account", uniqueForm(email))

/** Messages that anybody can have sent are counted apart, so that none of them keeps her from what she asked for. */
const bucketOf = (kind: MailKind): string => {
  if (kind === "verify_registration" || kind === "already_registered") return "registration"
  return kind === "reset_password" || kind === "verify_email" ? kind : "other"
}

/** The key that messages to a recipient are counted under: a phone in whatever spelling is one. */
export const recipientKey = ({ kind, recipient }: Pick<MailRequest, "kind" | "recipient">) =>
  nameOf(bucketOf(kind), recipient.includes("@") ? uniqueForm(recipient) : recipient.replaceAll(/[^+\d]/g, ""))

const loginsFromHere = Effect.gen(function* () {
  const { address } = yield* CurrentCaller
  const { limits } = yield* IdentityPolicy
  return address === undefined ? [] : [[`login:${address}`, limits.loginsByAddress] as const]
})

const giveBack = (attempts: ReadonlyArray<readonly [string, AttemptLimit]>) =>
  Effect.flatMap(AttemptLimiter, (limiter) =>
    Effect.forEach(attempts, ([key]) => limiter.giveBack(key), { discard: true })
  )

/**
 * Counts a comparison of a password before it is made, under `key` and the caller's network address, or fails with
 * `TooManyAttempts`. A right password does not count for the address, and one that could not be compared not at all.
 */
export const countGuess = <A, E extends { readonly _tag: string }, R>(
  key: string,
  comparison: Effect.Effect<A, E, R>
) =>
  Effect.gen(function* () {
    const { limits } = yield* IdentityPolicy
    const fromHere = yield* loginsFromHere
    const attempts = [...fromHere, [key, limits.loginsByAccount] as const]
    yield* takeAll(attempts)
    const compared = yield* Effect.tapError(comparison, ({ _tag }) =>
      _tag === "InvalidCredentials" ? Effect.void : giveBack(attempts)
    )
    yield* giveBack(fromHere)
    return compared
  })

/** Counts something that a network address may do so often, or fails with `TooManyAttempts`. */
export const takeByAddress = Effect.fnUntraced(function* (what: string, limit: AttemptLimit) {
  const { address } = yield* CurrentCaller
  if (address !== undefined) yield* takeAll([[`${what}:${address}`, limit]])
})
