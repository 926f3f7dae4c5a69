import { assert, describe, it } from "@effect/vitest"
import { Array, Effect } from "effect"
import * as fc from "fast-check"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import * as IncomingEvents from "../src/order/IncomingEvents.ts"
import { CustomerStandings } from "../src/segment/CustomerStandings.ts"
import { StandingPolicy } from "../src/segment/StandingPolicy.ts"
import { forAll, registration } from "../src/testing/index.ts"
import { orderMessage, pointsMessage } from "../src/testing/incomingMessages.ts"
import { type Telling, tellings } from "../src/testing/orderArbitraries.ts"
import { inWorld, someone } from "./eventScene.ts"
import { lastTold, plainFigures, recomputed } from "./recomputation.ts"

/** What is told, and how it arrives: in any order, much of it more than once, some of it before its customer is there. */
const deliveries = tellings(3).chain((told) => {
  const copies = [...told, ...told]
  return fc.record({
    told: fc.constant(told),
    arriving: fc.shuffledSubarray(copies, { minLength: copies.length }),
    together: fc.integer({ min: 1, max: 6 }),
    /** After so many messages the last of the customers comes. */
    early: fc.nat(copies.length)
  })
})

const messageOf = ({ customer, fact }: Telling, ids: ReadonlyArray<CustomerId>) => {
  const id = ids[customer] ?? ""
  return fact._tag === "Order" ? orderMessage(id, fact.order) : pointsMessage(id, fact.points)
}

const figuresNow = Effect.fnUntraced(function* (id: CustomerId) {
  const standings = yield* CustomerStandings
  const { customer, record } = yield* standings.find(id)
  const { loyaltyPoints, orderCount, totalSpent } = customer.segment
  const { highValueSince, lastOrderAt, premiumSince, vipSince } = record
  return plainFigures({
    totalSpent,
    orderCount,
    loyaltyPoints,
    lastOrderAt,
    premiumSince,
    vipSince,
    highValueSince
  })
})

describe("messages in whatever order they arrive, and however often", () => {
  it.effect("come to what counting everything anew comes to", () =>
    forAll(deliveries, 60, ({ arriving, early, together, told }) =>
      Effect.gen(function* () {
        const policy = yield* StandingPolicy
        const repository = yield* CustomerRepository
        const late = registration()
        const ids = [(yield* someone).id, (yield* someone).id, late.customer.id]
        const receive = (some: ReadonlyArray<Telling>) =>
          Effect.forEach(Array.chunksOf(some, together), (batch) =>
            IncomingEvents.receive(batch.map((telling) => messageOf(telling, ids)))
          )
        yield* receive(arriving.slice(0, early))
        yield* repository.insert(late)
        yield* receive(arriving.slice(early))
        yield* IncomingEvents.receiveParked()
        const orders = told.flatMap(({ customer, fact }) =>
          fact._tag === "Order" ? [{ ...fact.order, customer }] : []
        )
        for (const [index, id] of ids.entries()) {
          const hers = lastTold(orders).filter(({ customer }) => customer === index)
          const points = told.flatMap(({ customer, fact }) =>
            fact._tag === "Points" && customer === index ? [fact.points] : []
          )
          assert.deepEqual(yield* figuresNow(id), recomputed(hers, points, policy))
        }
        const { deadLetters, parked } = yield* CustomerMemory
        assert.deepStrictEqual([deadLetters.size, parked.size], [0, 0])
      }).pipe(inWorld)
    )
  )
})
