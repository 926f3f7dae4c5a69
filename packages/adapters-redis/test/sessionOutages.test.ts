import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Result, Schedule } from "effect"
import { connectionTo, privateRedis } from "./support/servers.ts"
import { freshSession, isOpen, type Store, storeOn } from "./support/sessions.ts"

/** What each call of the store says, by the name of its error. */
const outcomes = (store: Store, session: ReturnType<typeof freshSession>) => {
  const calls = [
    store.open(session),
    store.find(session.id),
    store.modify(session.id, Result.succeed),
    store.end(session.id),
    store.endAll(session.customerId),
    store.list(session.customerId)
  ]
  const named = calls.map((call) => Effect.match(call, { onSuccess: () => "done", onFailure: ({ _tag }) => _tag }))
  return Effect.all(named, { concurrency: "unbounded" })
}

const untilOpen = (store: Store, session: ReturnType<typeof freshSession>) =>
  Effect.repeat(Effect.exit(isOpen(store, session)), {
    until: (exit) => Exit.isSuccess(exit) && exit.value,
    schedule: Schedule.spaced("10 millis")
  })

const unavailable = Array.from({ length: 6 }, () => "SessionsUnavailable")

describe("sessions while Redis is away", () => {
  it.live("cannot be told, and are as they were once it is back", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const [store, session] = [yield* storeOn(connectionTo(server.url)), freshSession()]
      yield* store.open(session)
      yield* Effect.promise(() => server.stop())
      assert.deepStrictEqual(yield* outcomes(store, freshSession()), unavailable)
      yield* Effect.promise(() => server.start())
      yield* untilOpen(store, session)
      // The server has forgotten the scripts with its run.
      const change = store.modify(session.id, (current) => Result.succeed({ ...current, epoch: 7 }))
      assert.strictEqual((yield* change).epoch, 7)
      yield* store.open(freshSession(session.customerId))
      assert.lengthOf(yield* store.list(session.customerId), 2)
    })
  )

  it.live("cannot be told within a second where it hangs", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const [store, session] = [yield* storeOn(connectionTo(server.url)), freshSession()]
      yield* store.open(session)
      yield* Effect.promise(() => server.pause())
      const said = yield* Effect.timeout(outcomes(store, freshSession()), "2 seconds")
      assert.deepStrictEqual(said, unavailable)
      yield* Effect.promise(() => server.resume())
      yield* untilOpen(store, session)
    })
  )
})
