import { Clock, Context, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { MailRequest } from "./MailRequest.ts"

/** A message that waits to go out; `attempts` counts this one too. */
export interface QueuedMail {
  readonly id: string
  readonly request: MailRequest
  readonly attempts: number
}

/**
 * Messages that wait to go out. Those that belong to a change of a customer are written with it: see `mails` of a
 * `Change`.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a message that was posted is claimed once, oldest first
 * - a message that belongs to a change is posted with it, and not without it
 * - a message that was not delivered is claimed again after its delay, and not before
 * - a message that was delivered is gone
 * - a link to confirm another address waits no longer once a newer one is asked for or her tokens are ended
 * - two that claim at once get different messages
 */
export class MailQueue extends Context.Service<
  MailQueue,
  {
    readonly post: (request: MailRequest) => Effect.Effect<void, StorageUnavailable>
    /**
     * Up to `most` messages whose time has come; each is hidden from others for `delaySeconds`, unless delivered. The
     * delay doubles with each attempt that went before, up to three hours.
     */
    readonly claim: (most: number, delaySeconds: number) => Effect.Effect<ReadonlyArray<QueuedMail>, StorageUnavailable>
    readonly delivered: (id: string) => Effect.Effect<void, StorageUnavailable>
    /** Whether a message that was claimed is still to go out. */
    readonly isWaiting: (id: string) => Effect.Effect<boolean, StorageUnavailable>
  }
>()("@customer-service/core/MailQueue") {}

/** Seconds until a message is tried again, `attempts` after the first: twice as long each time, at most three hours. */
export const delayAfter = (attempts: number, delaySeconds: number): number =>
  Math.min(delaySeconds * 2 ** Math.min(attempts, 16), 3 * 3600)

/** Messages beside the customers in memory. */
export const layerMemory: Layer.Layer<MailQueue, never, CustomerMemory | SecureRandom.SecureRandom> = Layer.effect(
  MailQueue,
  Effect.gen(function* () {
    const { mails } = yield* CustomerMemory
    const random = yield* SecureRandom.SecureRandom
    const clock = yield* Clock.Clock
    return MailQueue.of({
      post: (request) =>
        Effect.map(random.uuidV7(), (id) => void mails.set(id, { id, request, attempts: 0, dueAt: 0 })),
      claim: (most, delaySeconds) =>
        Effect.sync(() => {
          const now = clock.currentTimeMillisUnsafe()
          const due = [...mails.values()].filter(({ dueAt }) => dueAt <= now).slice(0, most)
          return due.map(({ id, request, attempts }) => {
            const dueAt = now + delayAfter(attempts, delaySeconds) * 1000
            mails.set(id, { id, request, attempts: attempts + 1, dueAt })
            return { id, request, attempts: attempts + 1 }
          })
        }),
      delivered: (id) => Effect.sync(() => void mails.delete(id)),
      isWaiting: (id) => Effect.sync(() => mails.has(id))
    })
  })
)
