import {
  CustomerDecisions,
  type CustomerId,
  CustomerRepository,
  CustomerStandings,
  Inbox
} from "@customer-service/core"
import { bringing, circumstances, registration } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Layer } from "effect"
import * as PostgresClient from "../src/PostgresClient.ts"
import { everything } from "./support/beside.ts"
import { freshDatabase } from "./support/database.ts"
import { delivery, orderEntry, restating } from "./support/deliveries.ts"
import { openRelay } from "./support/relay.ts"
import { repository } from "./support/repository.ts"
import { optionsOf } from "./support/servers.ts"

type Repository = CustomerRepository.CustomerRepository["Service"]

/** How often something done to a customer waits for the database, the second time that it is done. */
const roundTripsOf = Effect.fnUntraced(function* <E>(
  act: (customers: Repository, id: CustomerId, time: number) => Effect.Effect<unknown, E>
) {
  const relay = yield* openRelay((yield* freshDatabase).url)
  const layer = Layer.provide(repository(), PostgresClient.layer(optionsOf(relay.url)))
  return yield* Effect.gen(function* () {
    const customers = yield* CustomerRepository.CustomerRepository
    const { id } = yield* customers.insert(registration())
    yield* act(customers, id, 1)
    const before = relay.requests()
    yield* act(customers, id, 2)
    return relay.requests() - before
  }).pipe(Effect.provide(layer))
})

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

describe("a change of one customer", () => {
  it.live("takes one round trip to read and one to write where nothing comes with it", () =>
    Effect.gen(function* () {
      const rename = (customers: Repository, id: CustomerId, time: number) =>
        customers.modify(id, (current) =>
          CustomerDecisions.update(current, { profile: { firstName: `Zoë ${time}` } }, circumstances(time))
        )
      assert.strictEqual(yield* roundTripsOf(rename), 2)
      assert.strictEqual(yield* roundTripsOf((customers) => customers.insert(registration())), 1)
    })
  )

  it.live("takes none to write where nothing changes and nothing comes with it", () =>
    Effect.map(
      roundTripsOf((customers, id) => customers.modify(id, bringing({}))),
      (roundTrips) => assert.strictEqual(roundTrips, 1)
    )
  )
})

/** How often so many messages about so many customers wait for the database, once its connection is there. */
const roundTripsOfMessages = Effect.fnUntraced(function* (count: number, total: string) {
  const relay = yield* openRelay((yield* freshDatabase).url)
  const layer = Layer.provide(everything, PostgresClient.layer(optionsOf(relay.url)))
  return yield* Effect.gen(function* () {
    const customers = yield* CustomerRepository.CustomerRepository
    const inbox = yield* Inbox.Inbox
    const ids = yield* Effect.forEach(Array.range(1, count), () => customers.insert(registration()))
    const messages = () => ids.map(({ id }) => delivery(id, orderEntry(total)))
    yield* inbox.receive(messages(), restating)
    const before = relay.requests()
    yield* inbox.receive(messages(), restating)
    return relay.requests() - before
  }).pipe(Effect.provide(layer))
})

describe("messages of other services", () => {
  it.live("take as many round trips as one, however many they are", () =>
    Effect.gen(function* () {
      // Begin, set, note, lock, keep, read, write, commit.
      assert.strictEqual(yield* roundTripsOfMessages(1, "10"), 8)
      assert.strictEqual(yield* roundTripsOfMessages(100, "10"), 8)
    })
  )

  it.live("take one more where customers get to another tier by them", () =>
    Effect.map(roundTripsOfMessages(50, "500"), (roundTrips) => assert.strictEqual(roundTrips, 9))
  )
})

describe("a standing", () => {
  it.live("is read in one round trip", () =>
    Effect.gen(function* () {
      const relay = yield* openRelay((yield* freshDatabase).url)
      const layer = Layer.provide(everything, PostgresClient.layer(optionsOf(relay.url)))
      const roundTrips = yield* Effect.gen(function* () {
        const customers = yield* CustomerRepository.CustomerRepository
        const standings = yield* CustomerStandings.CustomerStandings
        const { id } = yield* customers.insert(registration())
        yield* standings.find(id)
        const before = relay.requests()
        yield* standings.find(id)
        return relay.requests() - before
      }).pipe(Effect.provide(layer))
      assert.strictEqual(roundTrips, 1)
    })
  )
})
