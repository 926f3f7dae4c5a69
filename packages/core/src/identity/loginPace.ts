import { Clock, Effect } from "effect"
import { IdentityPolicy } from "./IdentityPolicy.ts"

const millisBetween = (began: bigint, now: bigint): number => Number(now - began) / 1e6

/**
 * A login that answers `InvalidCredentials` no earlier than the policy's `failureMillis` after it began. A hash of
 * another algorithm or cost than new ones takes another time to compare, and would tell that the account exists.
 */
export const pacing = Effect.fnUntraced(function* <A, E extends { readonly _tag: string }, R>(
  login: Effect.Effect<A, E, R>
) {
  const { failureMillis } = yield* IdentityPolicy
  const began = yield* Clock.monotonicTimeNanos
  return yield* Effect.tapError(login, ({ _tag }) =>
    Effect.gen(function* () {
      const left = failureMillis - millisBetween(began, yield* Clock.monotonicTimeNanos)
      if (_tag === "InvalidCredentials" && left > 0) yield* Effect.sleep(Math.ceil(left))
    })
  )
})
