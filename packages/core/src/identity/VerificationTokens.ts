import { Clock, Context, type DateTime, Effect, Layer, Option } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"

/** What holding a token proves, and so what it may be used for. */
export type TokenPurpose = "email_verification" | "email_change" | "password_reset" | "phone_verification"

/**
 * A token that was sent to somebody, as it is kept: by the digest of its secret. `target` is the mail address or
 * phone that it was sent to. A registration's token holds the hash of the password that was chosen with it.
 */
export interface VerificationToken {
  readonly digest: string
  readonly purpose: TokenPurpose
  readonly customerId: CustomerId
  readonly target: string
  readonly passwordHash?: string | undefined
  readonly issuedAt: DateTime.Utc
  readonly expiresAt: DateTime.Utc
}

/**
 * Tokens that were sent to customers. They are used up by the change that they allow, in its transaction: see
 * `spends` of a `Change`.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a token is found by its digest until it expires
 * - a newer token ends the older ones of its purpose
 * - a registration's token leaves the others alone
 * - a change that spends a token ends every token of the customer
 * - of 20 concurrent changes that spend one token exactly one happens
 * - a change that spends a token which is gone or another's fails with TokenRefused and changes nothing
 * - a new password and a mass log-out each end every token of the customer
 */
export class VerificationTokens extends Context.Service<
  VerificationTokens,
  {
    readonly issue: (token: VerificationToken) => Effect.Effect<void, StorageUnavailable>
    readonly find: (digest: string) => Effect.Effect<Option.Option<VerificationToken>, StorageUnavailable>
  }
>()("@customer-service/core/VerificationTokens") {}

/** Tokens beside the customers in memory. */
export const layerMemory: Layer.Layer<VerificationTokens, never, CustomerMemory> = Layer.effect(
  VerificationTokens,
  Effect.gen(function* () {
    const { tokens } = yield* CustomerMemory
    const clock = yield* Clock.Clock
    return VerificationTokens.of({
      issue: (token) =>
        Effect.sync(() => {
          const isOlder = (other: VerificationToken) =>
            other.customerId === token.customerId && other.purpose === token.purpose
          if (token.passwordHash === undefined) {
            for (const other of tokens.values()) if (isOlder(other)) tokens.delete(other.digest)
          }
          tokens.set(token.digest, token)
        }),
      find: (digest) =>
        Effect.sync(() => {
          const token = tokens.get(digest)
          return token !== undefined && token.expiresAt.epochMilliseconds > clock.currentTimeMillisUnsafe()
            ? Option.some(token)
            : Option.none()
        })
    })
  })
)
