import { type CustomerId, Session, SessionStore } from "@customer-service/core"
import { circumstances, freshCustomerId } from "@customer-service/core/testing"
import { Context, Effect, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import type { RedisConnection } from "../../src/RedisConnection.ts"
import * as RedisSessionStore from "../../src/RedisSessionStore.ts"

/** The session store of one process. */
export const storeOn = (connection: Layer.Layer<RedisConnection>, timeoutSeconds = 600) =>
  Effect.map(
    Layer.build(Layer.fresh(Layer.provide(RedisSessionStore.layer({ timeoutSeconds }), connection))),
    (context) => Context.get(context, SessionStore.SessionStore)
  )

export type Store = Effect.Success<ReturnType<typeof storeOn>>

export const freshSession = (customerId: CustomerId = freshCustomerId()): Session.Session => {
  const { now } = circumstances()
  const id = Session.SessionId.make(SecureRandom.uuidV7Unsafe())
  return { id, customerId, epoch: 0, openedAt: now, refreshedAt: now, secret: "0".repeat(64) }
}

export const isOpen = (store: Store, { id }: Session.Session) => Effect.map(store.find(id), Option.isSome)
