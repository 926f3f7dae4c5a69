import { CustomerDecisions, type CustomerId, CustomerRepository } from "@customer-service/core"
import { circumstances, registration } from "@customer-service/core/testing"
import { startPostgres } from "@customer-service/test-servers"
import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Fiber, Layer, Result, Schedule } from "effect"
import { SqlClient } from "effect/sql"
import * as Migrations from "../src/Migrations.ts"
import * as PostgresClient from "../src/PostgresClient.ts"
import { freshDatabase } from "./support/database.ts"
import { openRelay } from "./support/relay.ts"
import { repository } from "./support/repository.ts"
import { optionsOf } from "./support/servers.ts"

const atOnce = { concurrency: "unbounded" } as const

const privatePostgres = Effect.acquireRelease(
  Effect.promise(() => startPostgres()),
  (server) => Effect.promise(() => server.destroy())
)

const customersIn = (url: string) => Layer.provideMerge(repository(), PostgresClient.layer(optionsOf(url)))

const read = (id: CustomerId) => Effect.flatMap(CustomerRepository.CustomerRepository, (customers) => customers.get(id))

const rename = (id: CustomerId, firstName: string) =>
  Effect.flatMap(CustomerRepository.CustomerRepository, (customers) =>
    customers.modify(id, (current) => CustomerDecisions.update(current, { profile: { firstName } }, circumstances(60)))
  )

const renames = (id: CustomerId, count: number) => Array.makeBy(count, (index) => rename(id, `name ${index}`))

const someone = Effect.flatMap(CustomerRepository.CustomerRepository, (customers) => customers.insert(registration()))

type Call = Effect.Effect<unknown, { readonly _tag: string }, CustomerRepository.CustomerRepository>

/** The tags of the errors among the outcomes; a defect would fail the test. */
const failuresOf = (calls: ReadonlyArray<Call>) =>
  Effect.map(Effect.forEach(calls, Effect.result, atOnce), (outcomes) =>
    outcomes.flatMap((outcome) => (Result.isFailure(outcome) ? [outcome.failure._tag] : []))
  )

const untilItAnswers = Effect.retry(Schedule.spaced("20 millis"))

describe("a database that stops", () => {
  it.live("is reported to reads and writes, also to those under way, and served from again once it is back", () =>
    Effect.gen(function* () {
      const server = yield* privatePostgres
      yield* Effect.gen(function* () {
        yield* Migrations.up
        const { id } = yield* someone
        const calls = [...Array.replicate(read(id), 20), ...renames(id, 20)]
        const underWay = yield* Effect.forkChild(failuresOf(calls), { startImmediately: true })
        yield* Effect.promise(() => server.stop())
        const afterwards = yield* failuresOf([read(id), rename(id, "never"), someone])
        assert.deepStrictEqual(afterwards, Array.replicate("StorageUnavailable", 3))
        assert.deepStrictEqual(new Set(yield* Fiber.join(underWay)), new Set(["StorageUnavailable"]))

        const restart = yield* Effect.forkChild(Effect.promise(() => server.start()))
        yield* untilItAnswers(read(id))
        yield* Fiber.join(restart)
        yield* Effect.all(renames(id, 20), atOnce)
      }).pipe(Effect.provide(customersIn(server.url)))
    })
  )
})

describe("a database that is not there yet", () => {
  it.live("does not keep its client from being made, and is reported to reads and writes", () =>
    Effect.gen(function* () {
      const { id } = registration().customer
      const failures = yield* failuresOf([read(id), someone])
      assert.deepStrictEqual(failures, ["StorageUnavailable", "StorageUnavailable"])
    }).pipe(
      Effect.provide(
        Layer.provide(
          repository(),
          PostgresClient.layer({ ...optionsOf("postgres://postgres@127.0.0.1:1/nowhere"), idleConnections: 3 })
        )
      )
    )
  )
})

const openTransactions = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  Effect.map(
    sql`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    (rows) => rows.length
  )
)

describe("a database that hangs", () => {
  it.live("is reported within seconds, and worked with as before once it goes on", () =>
    Effect.gen(function* () {
      const relay = yield* openRelay((yield* freshDatabase).url)
      yield* Effect.gen(function* () {
        const customers = yield* CustomerRepository.CustomerRepository
        const { id } = yield* someone
        yield* Effect.all(renames(id, 10), atOnce)
        relay.freeze()
        const calls = [
          read(id),
          customers.getMany([id]),
          customers.list({ limit: 1 }),
          ...renames(id, 10),
          Effect.uninterruptible(rename(id, "New")),
          someone
        ]
        // Five seconds, and what a busy machine adds to them.
        const failures = yield* Effect.timeout(failuresOf(calls), "8 seconds")
        assert.deepStrictEqual(
          failures,
          calls.map(() => "StorageUnavailable")
        )

        relay.thaw()
        const { version } = yield* untilItAnswers(rename(id, "New"))
        const renamed = yield* Effect.all(renames(id, 30), atOnce)
        assert.sameMembers(
          renamed.map((customer) => customer.version),
          Array.range(version + 1, version + 30)
        )
        yield* Effect.repeat(openTransactions, { until: (open) => open === 0 })
      }).pipe(Effect.provide(customersIn(relay.url)))
    })
  )
})
