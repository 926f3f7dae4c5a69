import type { CustomerId, Session } from "@customer-service/core"
import { Clock, Effect } from "effect"
import type { Redis } from "ioredis"
import { indexKey } from "./sessionCommands.ts"

/** For so many sessions a process remembers when it entered them; one that it forgot is entered once more. */
const mostRemembered = 100_000

/**
 * Keeps the sessions in use in their customers' indexes. Reading a session starts its time anew, and the index must
 * not forget it before; yet it is not told with every read, but once in half of the time-out. An entry lives twice
 * the time-out.
 */
export const make = Effect.fnUntraced(function* (client: Redis, timeoutMillis: number) {
  const clock = yield* Clock.Clock
  const enteredAt = new Map<Session.SessionId, number>()

  const remember = (id: Session.SessionId): void => {
    const oldest = enteredAt.size >= mostRemembered ? enteredAt.keys().next().value : undefined
    if (oldest !== undefined) enteredAt.delete(oldest)
    enteredAt.delete(id)
    enteredAt.set(id, clock.currentTimeMillisUnsafe())
  }

  const enter = async ({ customerId, id }: Session.Session): Promise<void> => {
    remember(id)
    try {
      await client.enterSession(indexKey(customerId), id, 2 * timeoutMillis)
    } catch (error) {
      enteredAt.delete(id)
      throw error
    }
  }

  const isDue = (id: Session.SessionId): boolean => {
    const before = enteredAt.get(id)
    return before === undefined || Math.abs(clock.currentTimeMillisUnsafe() - before) > timeoutMillis / 2
  }

  return {
    enter,
    /** Enters a session that was just used, where it is time to; nobody waits for it, and a failure is made good later. */
    keep: (session: Session.Session): void => {
      if (isDue(session.id)) void enter(session).catch(() => {})
    },
    /** The ids of a customer's sessions; some of them may be over. */
    read: (customerId: CustomerId): Promise<ReadonlyArray<string>> => client.zrange(indexKey(customerId), "0", "-1"),
    /** Takes sessions out that are over. */
    remove: async (customerId: CustomerId, ids: ReadonlyArray<Session.SessionId>): Promise<void> => {
      for (const id of ids) enteredAt.delete(id)
      if (ids.length > 0) await client.zrem(indexKey(customerId), ...ids)
    }
  }
})
