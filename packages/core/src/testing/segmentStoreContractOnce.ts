import { assert } from "@effect/vitest"
import { Array, Effect } from "effect"
import type { AlreadyAnswered } from "../request/Once.ts"
import type { Segment, SegmentName } from "../segment/Segment.ts"
import * as SegmentDecisions from "../segment/SegmentDecisions.ts"
import { type SegmentOnce, SegmentStore } from "../segment/SegmentStore.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { at } from "./inboxContractMessages.ts"
import { freshName, freshSegmentId, type SegmentServices } from "./segmentContractPeople.ts"
import { freshWord } from "./strangers.ts"

const once = (fingerprint = "body", key = freshWord()): SegmentOnce => ({
  key,
  fingerprint,
  answer: ({ id, version }) => JSON.stringify({ id, version, note: "Zoë\n" })
})

const create = Effect.fnUntraced(function* (name: SegmentName, key: SegmentOnce) {
  const store = yield* SegmentStore
  const id = yield* freshSegmentId
  return yield* store.write((segments) => SegmentDecisions.create(segments, { name, kind: "manual" }, id, at(0)), key)
})

/** What a caller is told: her own answer, or the one that was given before. */
const told = <E extends { readonly _tag: string }, R>(
  write: Effect.Effect<Segment, E | AlreadyAnswered, R>,
  key: SegmentOnce
) =>
  write.pipe(
    Effect.map((segment) => ({ answer: key.answer(segment), isReplayed: false })),
    Effect.catchTag("AlreadyAnswered", (earlier) =>
      Effect.succeed({ answer: (earlier as AlreadyAnswered).answer, isReplayed: true })
    )
  )

/** Writes that come with a key. */
export const onceOnly = (it: ContractSuite<SegmentServices>): void => {
  it.effect("a write with a key happens once and replays its answer, also to a racing twin", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const [key, names] = [once(), Array.makeBy(10, () => freshName())]
      const twins = names.map((name) => told(create(name, key), key))
      const callers = [
        ...(yield* Effect.all(twins, { concurrency: "unbounded" })),
        yield* told(create(freshName(), key), key)
      ]
      assert.lengthOf(
        callers.filter(({ isReplayed }) => !isReplayed),
        1
      )
      assert.strictEqual(new Set(callers.map(({ answer }) => answer)).size, 1)
      assert.lengthOf(
        (yield* store.list).filter(({ name }) => names.includes(name)),
        1
      )
    })
  )

  it.effect("a key that comes back with another body fails with IdempotencyKeyReused", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const first = once("one body")
      yield* create(freshName(), first)
      const name = freshName()
      const reused = create(name, once("another body", first.key))
      assert.strictEqual((yield* Effect.flip(reused))._tag, "IdempotencyKeyReused")
      assert.strictEqual((yield* Effect.flip(store.find(name)))._tag, "SegmentNotFound")
    })
  )

  it.effect("a failed write with a key can be tried again under the same key", () =>
    Effect.gen(function* () {
      const [key, taken, name] = [once(), freshName(), freshName()]
      yield* create(taken, once())
      assert.strictEqual((yield* Effect.flip(create(taken, key)))._tag, "SegmentNameTaken")
      assert.strictEqual((yield* create(name, key)).name, name)
    })
  )
}
