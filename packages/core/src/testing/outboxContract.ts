import { assert, layer } from "@effect/vitest"
import { Array, Effect, type Layer, Option } from "effect"
import type { CustomerRepository } from "../customer/CustomerRepository.ts"
import { type Claim, Outbox } from "../event/Outbox.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import {
  afterShort,
  assertDue,
  bare,
  claimAll,
  claimAndSettle,
  claimedOf,
  customerWith,
  emptied,
  newcomer,
  published,
  rename,
  settleAll,
  short
} from "./outboxContractEvents.ts"
import { suspecting } from "./outboxContractSuspicion.ts"
import { waking } from "./outboxContractWaking.ts"
import { waiting } from "./outboxContractWaits.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { StoredFacts } from "./StoredFacts.ts"

type Services = CustomerRepository | Outbox | StoredFacts

/**
 * The contract of {@link Outbox}, beside the repository that writes its events. Nobody else may relay meanwhile.
 */
export const outboxContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<Services | R, E>,
  time: PassingTime<Services | R> = testTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of Outbox`, (it) => {
    claiming(it)
    leasing(it, time)
    waiting(it, time)
    suspecting(it, time)
    waking(it, time)
  })

const claiming = (it: ContractSuite<Services>): void => {
  it.effect("events are claimed in the order of their customer's changes", () =>
    Effect.gen(function* () {
      yield* emptied
      const facts = yield* StoredFacts
      const ids = yield* Effect.all(Array.replicate(newcomer, 5))
      for (const round of [1, 2, 3]) yield* Effect.forEach(ids, (id) => rename(id, 60 * round))
      const claims: Array<Claim> = []
      for (let some = yield* claimAll({ most: 3 }); some.length > 0; some = yield* claimAll({ most: 3 })) {
        claims.push(...some)
        yield* settleAll(some, published)
      }
      for (const { events } of claims) assert.isAtMost(events.length, 3)
      for (const id of ids) {
        const events = claimedOf(claims, id)
        assert.deepStrictEqual(events.map(bare), yield* facts.events(id))
        assert.deepStrictEqual(
          events.map(({ refusals, waits }) => [refusals, waits]),
          Array.replicate([0, 0], 4)
        )
      }
      const positions = claims.flatMap(({ events }) => events.map(({ position }) => position))
      assert.strictEqual(new Set(positions).size, positions.length)
    })
  )

  it.effect("what was settled as published is not claimed again", () =>
    Effect.gen(function* () {
      yield* emptied
      const [one, other] = [yield* customerWith(3), yield* customerWith(2)]
      const claims = yield* claimAll()
      const [first] = claimedOf(claims, one)
      yield* settleAll(claims, (event) => (event === first ? published(event) : {}))
      yield* assertDue(one, [1, 2])
      yield* assertDue(other, [0, 1])
      yield* claimAndSettle(published)
      assert.deepStrictEqual(yield* claimAll(), [])
      yield* rename(one)
      yield* assertDue(one, [3])
      yield* assertDue(other, [])
    })
  )

  it.effect("two that claim at once never hold events of the same customer", () =>
    Effect.gen(function* () {
      yield* emptied
      const ids = yield* Effect.all(Array.replicate(customerWith(2), 12))
      const sent: Array<string> = []
      const relay = Effect.gen(function* () {
        const outbox = yield* Outbox
        const claims = yield* Effect.all(Array.replicate(outbox.claim({ most: 5, leaseSeconds: 60 }), 8), {
          concurrency: "unbounded"
        })
        const held = claims.flatMap(Option.toArray)
        const holders = held.flatMap(({ events }) => [...new Set(events.map(({ customerId }) => customerId))])
        assert.strictEqual(new Set(holders).size, holders.length)
        sent.push(...held.flatMap(({ events }) => events.map(({ envelope }) => envelope.eventId)))
        yield* settleAll(held, published)
        return held.length
      })
      yield* Effect.forEach(ids, (id) => Effect.all([rename(id), relay], { concurrency: "unbounded" }))
      while ((yield* relay) > 0);
      const facts = yield* StoredFacts
      const written = yield* Effect.forEach(ids, (id) => facts.events(id))
      for (const events of written) {
        const hers = events.map(({ envelope }) => envelope.eventId)
        assert.deepStrictEqual(
          sent.filter((eventId) => hers.includes(eventId)),
          hers
        )
      }
    })
  )
}

const leasing = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("a claim that nobody settled is claimed again after its lease", () =>
    Effect.gen(function* () {
      yield* emptied
      const id = yield* customerWith(2)
      assert.lengthOf(claimedOf(yield* claimAll({ leaseSeconds: short }), id), 2)
      yield* rename(id)
      yield* assertDue(id, [])
      yield* time.advance(afterShort)
      yield* assertDue(id, [0, 1, 2])
    })
  )

  it.effect("a claim whose lease is over settles nothing", () =>
    Effect.gen(function* () {
      yield* emptied
      const id = yield* customerWith(2)
      const late = yield* claimAll({ leaseSeconds: short })
      yield* time.advance(afterShort)
      yield* settleAll(late, published)
      yield* assertDue(id, [0, 1])

      const lost = yield* claimAll({ leaseSeconds: short })
      yield* time.advance(afterShort)
      const again = yield* claimAll()
      yield* settleAll(lost, published)
      yield* assertDue(id, [])
      yield* settleAll(again, (event) => (claimedOf(again, id).indexOf(event) === 0 ? published(event) : {}))
      yield* assertDue(id, [1])
    })
  )
}
