import { type CustomerId, Session, SessionStore } from "@customer-service/core"
import { Effect, Layer, Option, Result, Schema } from "effect"
import { RedisConnection, type RedisUnavailable } from "./RedisConnection.ts"
import * as RedisReads from "./RedisReads.ts"
import { defineCommands, sessionKey } from "./sessionCommands.ts"
import * as SessionIndex from "./SessionIndex.ts"

export interface SessionSettings {
  /** Seconds after which a session that nobody uses is over. */
  readonly timeoutSeconds: number
}

const SessionText = Schema.fromJsonString(Session.Session)
const encode = Schema.encodeSync(SessionText)
/** None for no text, and for one that is not ours. */
const decode = Schema.decodeOption(SessionText)

const orUnavailable = <A>(answer: Effect.Effect<A, RedisUnavailable>) =>
  Effect.mapError(answer, () => new SessionStore.SessionsUnavailable())

const make = Effect.fnUntraced(function* ({ timeoutSeconds }: SessionSettings) {
  const timeoutMillis = timeoutSeconds * 1000
  const { client, run } = yield* RedisConnection
  const reads = yield* RedisReads.RedisReads
  defineCommands(client)
  const index = yield* SessionIndex.make(client, timeoutMillis)

  const ask = <A>(command: string, send: () => Promise<A>) => orUnavailable(run(command, send))

  /** Ends sessions before the index forgets them: where the first fails, whoever tries again finds them. */
  const endEach = async (customerId: CustomerId, ids: ReadonlyArray<Session.SessionId>): Promise<void> => {
    await Promise.all(ids.map((id) => client.unlink(sessionKey(id))))
    await index.remove(customerId, ids)
  }

  /** The sessions that are open of those in the index; it forgets the others. */
  const openOf = async (customerId: CustomerId): Promise<ReadonlyArray<Session.Session>> => {
    const ids = (await index.read(customerId)).map((id) => id as Session.SessionId)
    const texts = await Promise.all(ids.map((id) => client.get(sessionKey(id))))
    await index.remove(
      customerId,
      ids.filter((_, position) => texts[position] === null)
    )
    return texts.flatMap((text) => Option.toArray(decode(text ?? ""))).toSorted(SessionStore.newestFirst)
  }

  const open = (session: Session.Session) =>
    ask("openSession", () =>
      // The index must not know what is not there yet: whoever saw that would take it out again.
      Promise.all([client.set(sessionKey(session.id), encode(session), "PX", timeoutMillis), index.enter(session)])
    )

  /** Puts what was decided in the place of what was read; false where that is no longer there. */
  const change = (before: string, after: Session.Session) =>
    Effect.map(
      ask("changeSession", () => client.changeSession(sessionKey(after.id), before, encode(after), timeoutMillis)),
      (changed) => changed === 1
    )

  const modify = <E>(id: Session.SessionId, decide: (session: Session.Session) => Result.Result<Session.Session, E>) =>
    Effect.gen(function* () {
      while (true) {
        const before = yield* ask("GET", () => client.get(sessionKey(id)))
        const current = decode(before ?? "")
        if (before === null || Option.isNone(current)) {
          return yield* new SessionStore.SessionNotFound({ sessionId: id })
        }
        const after = yield* Effect.fromResult(decide(current.value))
        if (!(yield* change(before, after))) continue
        index.keep(after)
        return after
      }
    })

  return SessionStore.SessionStore.of({
    open: (session) => Effect.asVoid(open(session)),
    find: (id) =>
      Effect.map(orUnavailable(reads.get(sessionKey(id), timeoutMillis)), (text) => {
        const session = decode(text)
        if (Option.isSome(session)) index.keep(session.value)
        return session
      }),
    modify,
    end: (id) => Effect.asVoid(ask("UNLINK", () => client.unlink(sessionKey(id)))),
    endAll: (customerId, except) =>
      ask("endSessions", async () => {
        const ids = (await index.read(customerId)).map((id) => id as Session.SessionId)
        await endEach(
          customerId,
          ids.filter((id) => id !== except)
        )
      }),
    list: (customerId) => ask("listSessions", () => openOf(customerId))
  })
})

/**
 * Sessions in Redis, for all processes together: `customers:session:{id}`, and `customers:sessions:{customerId}` which
 * says whose they are. A Redis that forgets what it was told last, as one without an append-only file may, can bring
 * back a session that was ended; the epoch of the account (see `Session`) then still refuses to refresh it.
 */
export const layer = (settings: SessionSettings): Layer.Layer<SessionStore.SessionStore, never, RedisConnection> =>
  Layer.effect(SessionStore.SessionStore, make(settings)).pipe(Layer.provide(RedisReads.layer))
