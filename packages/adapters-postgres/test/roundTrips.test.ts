import { CustomerRepository } from "@customer-service/core"
import { registration } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as PostgresClient from "../src/PostgresClient.ts"
import { freshDatabase } from "./support/database.ts"
import { openRelay } from "./support/relay.ts"
import { repository } from "./support/repository.ts"
import { optionsOf } from "./support/servers.ts"

/** How often a read of one customer waits for the database, once its connection is there. */
const roundTripsOfRead = Effect.fnUntraced(function* (parallelLoading: boolean) {
  const relay = yield* openRelay((yield* freshDatabase).url)
  const layer = Layer.provide(repository({ parallelLoading }), PostgresClient.layer(optionsOf(relay.url)))
  return yield* Effect.gen(function* () {
    const customers = yield* CustomerRepository.CustomerRepository
    const { id } = yield* customers.insert(registration())
    yield* customers.get(id)
    const before = relay.requests()
    yield* customers.get(id)
    return relay.requests() - before
  }).pipe(Effect.provide(layer))
})

describe("a read of one customer", () => {
  it.live("takes one round trip with parallel loading", () =>
    Effect.map(roundTripsOfRead(true), (roundTrips) => assert.strictEqual(roundTrips, 1))
  )

  it.live("takes one for each of the five parts without it, in a transaction of one snapshot", () =>
    Effect.map(roundTripsOfRead(false), (roundTrips) => assert.strictEqual(roundTrips, 5 + 3))
  )
})
