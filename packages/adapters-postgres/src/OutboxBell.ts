import { PgClient, PgConnection } from "@effect/sql-pg"
import { Context, Effect, Layer, Queue, type Scope } from "effect"

/** Tells those who relay events that there are new ones. */
export interface OutboxBell {
  /** Is rung once events are committed; whoever rings goes on at once. */
  readonly ring: Effect.Effect<void>
  /**
   * Listens for as long as the scope is open. What it answers ends when the bell has been rung since it ended last; of
   * several who wait for it, one goes on.
   */
  readonly listen: Effect.Effect<Effect.Effect<void>, never, Scope.Scope>
}

/** The bell in use; a silent one where none is provided. */
export const OutboxBell = Context.Reference<OutboxBell>("@customer-service/adapters-postgres/OutboxBell", {
  defaultValue: () => ({ ring: Effect.void, listen: Effect.succeed(Effect.never) })
})

/** Rings once `write` has succeeded: for writes that may have written events, around their transaction. */
export const ringing =
  (bell: OutboxBell) =>
  <A, E, R>(write: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.tap(write, bell.ring)

const channel = "customer_outbox"

/** Between two strokes; what is rung meanwhile is one stroke. */
const pause = "20 millis"

/** Between two attempts to listen, and between two looks whether the server is still there. */
const [retryPause, lookPause] = ["1 second", "5 seconds"] as const

/** Answers how to ring: it strikes at once where it has been quiet, and once more after a pause if it was rung meanwhile. */
const striking = (strike: Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    const rung = yield* Queue.dropping<void>(1)
    const turn = Queue.take(rung).pipe(Effect.andThen(strike), Effect.andThen(Effect.sleep(pause)))
    yield* Effect.forkScoped(Effect.forever(turn))
    return { ring: Effect.sync(() => void Queue.offerUnsafe(rung, undefined)) }
  })

/** Hears this process alone: for PGlite, which no other process has open. */
export const layerLocal: Layer.Layer<never> = Layer.effect(
  OutboxBell,
  Effect.gen(function* () {
    const ears = new Set<Queue.Queue<void>>()
    const { ring } = yield* striking(Effect.sync(() => ears.forEach((ear) => Queue.offerUnsafe(ear, undefined))))
    const grow = Effect.tap(Queue.dropping<void>(1), (ear) => Effect.sync(() => ears.add(ear)))
    const listen = Effect.acquireRelease(grow, (ear) => Effect.sync(() => ears.delete(ear)))
    return { ring, listen: Effect.map(listen, Queue.take) }
  })
)

/** Hears until the connection is lost. It is one beside the pool, which has none to spare for those who only wait. */
const hearing = (client: PgClient.PgClient, ear: Queue.Queue<void>) =>
  Effect.gen(function* () {
    const connection = yield* Effect.flatMap(PgConnection.make(client.config), ({ pin }) => pin)
    const strokes = yield* connection.listen(channel)
    // Nobody knows what was rung before.
    const hear = Effect.andThen(Queue.offer(ear, undefined), Queue.take(strokes))
    // A server that is gone without a word shows by not answering.
    const look = Effect.andThen(Effect.sleep(lookPause), connection.query("SELECT 1"))
    return yield* Effect.raceFirst(Effect.forever(hear), Effect.forever(look))
  }).pipe(Effect.scoped)

const hearingAgain = (client: PgClient.PgClient, ear: Queue.Queue<void>) =>
  Effect.forever(Effect.andThen(Effect.ignore(hearing(client, ear)), Effect.sleep(retryPause)))

/** Hears all processes that work on the same database, by LISTEN and NOTIFY; for PostgreSQL. */
export const layerNotify: Layer.Layer<never, never, PgClient.PgClient> = Layer.effect(
  OutboxBell,
  Effect.gen(function* () {
    const client = yield* PgClient.PgClient
    const { ring } = yield* striking(Effect.ignore(client.notify(channel, "")))
    const listen = Effect.tap(Queue.dropping<void>(1), (ear) => Effect.forkScoped(hearingAgain(client, ear)))
    return { ring, listen: Effect.map(listen, Queue.take) }
  })
)
