import { Effect, Schema, Struct } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { Session } from "../identity/Session.ts"
import { SessionStore } from "../identity/SessionStore.ts"
import { HolderUnavailable, type PersonalDataHolder } from "./PersonalDataHolder.ts"

const name = "sessions"
const place = "sessions"

const answering = Effect.mapError(() => new HolderUnavailable({ holder: name }))

const encodeSession = Schema.encodeSync(Session)

/** A session without the digests of its secrets, which are nobody's to read. */
const shown = (session: Session) => ({
  ...Struct.omit(encodeSession(session), ["secret", "previous"]),
  secret: "kept as a digest, not shown"
})

/** The open sessions of customers. Erasure ends hers. */
export const sessionPersonalData: Effect.Effect<PersonalDataHolder, never, SessionStore> = Effect.map(
  SessionStore,
  (store) => {
    const list = (id: CustomerId) => answering(store.list(id))
    return {
      name,
      erase: Effect.fnUntraced(function* ({ id }) {
        const { length: count } = yield* list(id)
        yield* answering(store.endAll(id))
        return count === 0 ? [] : [{ store: name, place, fields: ["session"], count }]
      }),
      remainders: ({ id }) =>
        Effect.map(list(id), ({ length: count }) => (count === 0 ? [] : [{ store: name, place, count }])),
      exportOf: (id) => Effect.map(list(id), (sessions) => sessions.map(shown))
    }
  }
)
