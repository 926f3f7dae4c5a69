import { assert, describe, it } from "@effect/vitest"
import { Array, Effect } from "effect"
import * as fc from "fast-check"
import { EventJournal } from "../src/event/EventJournal.ts"
import { forAll } from "../src/testing/index.ts"
import {
  assertInOrder,
  type BusAnswer,
  busIsBack,
  idOf,
  inWorld,
  newcomer,
  passes,
  rename,
  running,
  Scene,
  stopped,
  taken,
  withPolicy,
  written
} from "./relayScene.ts"

/** What the bus does for some seconds: something to all events, or to one in so many; and what is written then. */
interface Spell {
  readonly answer: BusAnswer
  readonly oneIn: number
  readonly seconds: number
  readonly outboxFails: boolean
  readonly restarts: boolean
  readonly writes: ReadonlyArray<number>
}

const spells: fc.Arbitrary<ReadonlyArray<Spell>> = fc.array(
  fc.record({
    answer: fc.constantFrom<BusAnswer>("taken", "taken", "away", "too slow", "refused"),
    oneIn: fc.integer({ min: 1, max: 4 }),
    seconds: fc.double({ min: 0.01, max: 20, noNaN: true }),
    outboxFails: fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0),
    restarts: fc.boolean(),
    writes: fc.array(fc.nat(4), { maxLength: 12 })
  }),
  { maxLength: 8 }
)

const bear = Effect.fnUntraced(function* ({ answer, oneIn, outboxFails }: Spell) {
  const scene = yield* Scene
  scene.callTakes = 50
  scene.settlingFails = outboxFails
  scene.suspectingFails = outboxFails
  scene.answer = (event) => (Number.parseInt(idOf(event).slice(-4), 16) % oneIn === 0 ? answer : "taken")
})

describe("whatever the bus, the outbox and the relays go through", () => {
  it.effect(
    "every event arrives, each customer's in order, and nothing that was not written",
    () =>
      forAll(spells, 12, (weather) =>
        Effect.gen(function* () {
          const journal = yield* EventJournal
          const ids = yield* Effect.forEach(Array.range(1, 5), () => newcomer)
          const relays = [yield* running, yield* running]
          for (const spell of weather) {
            yield* bear(spell)
            yield* Effect.forEach(spell.writes, (one) => Effect.forEach(ids.slice(one, one + 1), rename))
            yield* passes(`${spell.seconds} seconds`)
            if (!spell.restarts) continue
            yield* Effect.forEach(relays.splice(0, 1), (relay) => stopped(relay))
            relays.push(yield* running)
          }
          const scene = yield* Scene
          scene.settlingFails = false
          scene.suspectingFails = false
          yield* busIsBack
          yield* passes("75 seconds")
          yield* assertInOrder(ids)
          const all = new Set(yield* written())
          assert.isTrue((yield* taken()).every((eventId) => all.has(eventId)))
          assert.deepInclude(yield* journal.status, { unpublished: 0, dead: 0 })
        }).pipe(withPolicy({ mostRefusals: 1000, workers: 1 }), inWorld)
      ),
    30_000
  )
})
