import {
  CustomerRepository,
  Inbox,
  MailQueue,
  PersonalDataStore,
  SegmentMemberships,
  SegmentRecomputes,
  SegmentStore
} from "@customer-service/core"
import { Context, Deferred, Effect, Fiber, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import * as PostgresClient from "../../src/PostgresClient.ts"
import { everything } from "./beside.ts"
import { freshDatabase } from "./database.ts"
import { optionsOf } from "./servers.ts"

/** What another process has of the same database, over connections of its own. */
export class AnotherProcess extends Context.Service<
  AnotherProcess,
  {
    readonly sql: SqlClient.SqlClient
    readonly customers: CustomerRepository.CustomerRepository["Service"]
    readonly inbox: Inbox.Inbox["Service"]
    readonly queue: MailQueue.MailQueue["Service"]
    readonly store: PersonalDataStore["Service"]
    readonly memberships: SegmentMemberships.SegmentMemberships["Service"]
    readonly recomputes: SegmentRecomputes.SegmentRecomputes["Service"]
    readonly segments: SegmentStore.SegmentStore["Service"]
  }
>()("test/AnotherProcess") {}

const another = Layer.effect(
  AnotherProcess,
  Effect.all({
    sql: SqlClient.SqlClient,
    customers: CustomerRepository.CustomerRepository,
    inbox: Inbox.Inbox,
    queue: MailQueue.MailQueue,
    store: PersonalDataStore,
    memberships: SegmentMemberships.SegmentMemberships,
    recomputes: SegmentRecomputes.SegmentRecomputes,
    segments: SegmentStore.SegmentStore
  })
)

/** Everything over a PostgreSQL database, which another process works on too. */
export const besideAnother = Layer.unwrap(
  Effect.map(freshDatabase, ({ url }) => {
    const own = () => Layer.fresh(Layer.provideMerge(everything, PostgresClient.layer(optionsOf(url))))
    return Layer.merge(own(), Layer.provide(another, own()))
  })
)

/** Has the other process lock something; answers how to let go of it. */
export const locking = Effect.fnUntraced(function* (
  lock: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, SqlError.SqlError>
) {
  const { sql } = yield* AnotherProcess
  const [locked, done] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  const holding = lock(sql).pipe(
    Effect.andThen(Deferred.succeed(locked, undefined)),
    Effect.andThen(Deferred.await(done))
  )
  const holder = yield* Effect.forkChild(sql.withTransaction(holding))
  yield* Deferred.await(locked)
  return { letGo: Effect.andThen(Deferred.succeed(done, undefined), Fiber.join(holder)) }
})

const waiting = Effect.flatMap(
  AnotherProcess,
  ({ sql }) => sql<{ pid: number; statement: string }>`
    SELECT pid, query AS statement FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`
)

/** Waits until so many statements wait for a lock; answers them. */
export const untilWaiting = (count: number) => Effect.repeat(waiting, { until: (rows) => rows.length === count })

/** Ends the connections of whoever waits for a lock, as the death of a process does. */
export const killWaiting = Effect.gen(function* () {
  const { sql } = yield* AnotherProcess
  const [victim] = yield* untilWaiting(1)
  yield* sql`SELECT pg_terminate_backend(${victim?.pid ?? 0})`
})
