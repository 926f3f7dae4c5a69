import { assert, describe } from "@effect/vitest"
import { Array, Clock, Context, Effect, Layer, Option } from "effect"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import type { OutboxEvent } from "../src/event/EventEnvelope.ts"
import { type Claim, Outbox } from "../src/event/Outbox.ts"
import { layerMemory } from "../src/event/outboxInMemory.ts"
import { freshCustomerId } from "../src/testing/index.ts"
import { it, passes, running, Scene, seconds, withPolicy } from "./relayScene.ts"

/** Events of one customer, in order. */
const eventsOf = (count: number): ReadonlyArray<OutboxEvent> => {
  const customerId = freshCustomerId()
  return Array.makeBy(count, (index) => ({
    topic: "customers.profile.updated",
    customerId,
    customerVersion: index + 1,
    envelope: {
      eventId: `${customerId}-${index}`,
      eventType: "CustomerProfileUpdated",
      version: "1.0",
      timestamp: "2031-05-06T12:00:00.000Z",
      source: "test",
      data: {},
      metadata: { correlationId: "test" }
    }
  }))
}

const partition = Effect.scoped(Layer.build(Layer.fresh(layerMemory.pipe(Layer.provideMerge(CustomerMemory.layer)))))

/** An outbox of so many partitions, each of which may be claimed while others are; and what stands in them. */
const partitions = Effect.fnUntraced(function* (count: number) {
  const contexts = yield* Effect.all(Array.replicate(partition, count))
  const parts = contexts.map((context) => Context.get(context, Outbox))
  const marked = (index: number) =>
    Option.map((claim: Claim): Claim => ({ ...claim, partition: index, ticket: `${index}:${claim.ticket}` }))
  const unmarked = (claim: Claim): Claim => ({ ...claim, ticket: claim.ticket.replace(/^\d+:/, "") })
  const holderOf = ({ partition }: Claim) => parts.slice(partition, partition + 1)
  const scene = yield* Scene
  const outbox = Outbox.of({
    claim: Effect.fnUntraced(function* (options) {
      for (const [index, part] of parts.entries()) {
        const claim = yield* part.claim(options)
        if (Option.isSome(claim)) return marked(index)(claim)
      }
      return Option.none()
    }),
    settle: (claim, settlement) =>
      Effect.forEach(holderOf(claim), (part) => part.settle(unmarked(claim), settlement), { discard: true }),
    isMine: (claim) =>
      Effect.map(
        Effect.forEach(holderOf(claim), (part) => part.isMine(unmarked(claim))),
        (mine) => mine.every(Boolean)
      ),
    suspect: Effect.fnUntraced(function* (window, secondsAgo = 0) {
      const at = yield* Clock.currentTimeMillis
      const counts = yield* Effect.forEach(parts, (part) => part.suspect(window, secondsAgo))
      const again = counts.reduce((sum, some) => sum + some, 0)
      scene.suspicions.push({ at, seconds: window + secondsAgo, again })
      return again
    }),
    untilChanged: Effect.sleep("250 millis")
  })
  return { outbox, stores: contexts.map((context) => Context.get(context, CustomerMemory).events) }
})

describe("relays of one process that work on several partitions", () => {
  it("publish them at the same time", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { outbox, stores } = yield* partitions(3)
      scene.callTakes = seconds(1)
      for (const store of stores) store.push(...eventsOf(2))
      yield* withPolicy({ workers: 3 })(running).pipe(Effect.provideService(Outbox, outbox))
      yield* passes("10 seconds")
      assert.deepStrictEqual(
        scene.calls.map(({ began }) => began),
        [0, 0, 0, 1000, 1000, 1000]
      )
    }))

  it("publish nothing newer, once one of them has found the bus away, before what it may have lost is due", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { outbox, stores } = yield* partitions(3)
      const [long, failing, waiting] = [eventsOf(6), eventsOf(1), eventsOf(3)]
      stores[0]?.push(...long)
      stores[1]?.push(...failing)
      // The bus is away for one call alone, and a slow one is on its way meanwhile.
      let isFirst = true
      scene.callTakes = seconds(1)
      scene.answer = ({ customerId }) => {
        if (customerId !== failing[0]?.customerId || !isFirst) return "taken"
        isFirst = false
        return "too slow"
      }
      yield* withPolicy({ workers: 3 })(running).pipe(Effect.provideService(Outbox, outbox))
      yield* passes("1500 millis")
      stores[2]?.push(...waiting)
      yield* passes("20 seconds")
      const [suspicion, ...others] = scene.suspicions
      if (suspicion === undefined) return assert.fail("the bus was not suspected")
      assert.isEmpty(others)
      // It showed after two seconds; whatever had begun by then was waited for, and nothing else begun.
      const before = scene.calls.filter(({ began }) => began < suspicion.at)
      assert.isTrue(before.every(({ began, ended }) => began <= seconds(2) && ended <= suspicion.at))
      assert.isAbove(suspicion.again, 0)
      const later = scene.calls.filter(({ began }) => began >= suspicion.at).flatMap(({ taken }) => taken)
      const idsOf = (events: ReadonlyArray<OutboxEvent>) => events.map(({ envelope }) => envelope.eventId)
      const hers = later.filter(({ customerId }) => customerId === long[0]?.customerId)
      assert.deepStrictEqual(idsOf(hers), idsOf(long))
      assert.includeMembers([...idsOf(later)], [...idsOf(failing)])
    }))
})
