import { assert } from "@effect/vitest"
import { Array, Effect, Exit, Result, Struct } from "effect"
import type { Rule } from "../segment/rule/Rule.ts"
import type { Segment } from "../segment/Segment.ts"
import { SegmentStore } from "../segment/SegmentStore.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  changeSegment,
  freshName,
  inGroup,
  manualSegment,
  recompute,
  segmentOf,
  type SegmentServices,
  step,
  writeSegment
} from "./segmentContractPeople.ts"
import { freshWord } from "./strangers.ts"

/** A segment as plain values, without how far its recompute is. */
export const asJson = (segment: Segment): unknown => JSON.parse(JSON.stringify(Struct.omit(segment, ["recompute"])))

/** A rule with text of all kinds in it, and every shape of operand. */
export const manifold: Rule = {
  any: [
    {
      all: [
        {
          field: "profile.lastName",
          op: "in",
          value: ["O’Néill", "Robert'); DROP TABLE customers;--", "👩‍👩‍👧‍👦", '\\"$1%_']
        },
        { not: { field: 'segment("all-customers")', op: "eq", value: false } },
        { field: "orders.total", op: "between", value: [0.1, 999999.9999] },
        { field: "profile.data.shoeSize", op: "exists", value: true }
      ]
    },
    { field: "createdAt", op: "notWithinLast", value: 36500 },
    { all: [] },
    { any: [] }
  ]
}

const describe = (segment: Pick<Segment, "id">, description: string) => changeSegment(segment, { description })

/** What writes of segments do. */
export const writing = (it: ContractSuite<SegmentServices>): void => {
  it.effect("20 concurrent writes lose none", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const segment = yield* manualSegment
      const names = Array.makeBy(10, () => freshName())
      const creations = names.map((name) => Effect.asVoid(writeSegment({ name, rule: inGroup(name) })))
      const changes = Array.makeBy(10, () => Effect.asVoid(describe(segment, freshWord())))
      yield* Effect.all([...creations, ...changes], { concurrency: "unbounded", discard: true })
      assert.strictEqual((yield* store.find(segment.id)).version, 11)
      assert.includeMembers(
        (yield* store.list).map(({ name }) => name),
        names
      )
      const name = freshName()
      const twins = Array.replicate(Effect.result(writeSegment({ name, kind: "manual" })), 10)
      const [lucky, ...others] = (yield* Effect.all(twins, { concurrency: "unbounded" })).filter(Result.isSuccess)
      assert.deepStrictEqual([lucky?.success.name, others], [name, []])
    })
  )

  it.effect("a failed decision writes nothing", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const before = [yield* store.list, yield* store.revision]
      assert.strictEqual(yield* Effect.flip(store.write(() => Result.fail("refused" as const))), "refused")
      const broken = store.write(() => {
        throw new Error("a decision with a flaw")
      })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(broken)))
      assert.deepStrictEqual([yield* store.list, yield* store.revision], before)
    })
  )

  it.effect("a decision that changes nothing writes nothing", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const segment = yield* segmentOf(manifold)
      const revision = yield* store.revision
      const same = yield* changeSegment(segment, { rule: manifold, isActive: true })
      assert.deepStrictEqual(asJson(same), asJson(segment))
      assert.strictEqual(yield* store.revision, revision)
      assert.isUndefined(yield* step(10))
    })
  )

  it.effect("the revision is another one after every write of a segment", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const revisions = [yield* store.revision]
      const note = Effect.map(store.revision, (revision) => revisions.push(revision))
      const segment = yield* writeSegment({ name: freshName(), rule: inGroup("x") })
      yield* note
      yield* recompute()
      yield* note
      yield* describe(segment, "another word")
      yield* note
      yield* changeSegment(segment, { isActive: false })
      yield* note
      yield* recompute()
      yield* note
      assert.deepStrictEqual(
        revisions,
        [...new Set(revisions)].toSorted((one, other) => one - other)
      )
    })
  )

  it.effect("a segment whose rule is not the one in force is recomputed", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      yield* recompute()
      const segment = yield* writeSegment({ name: freshName(), rule: inGroup("x") })
      assert.deepInclude(segment.inForce, { version: 0 })
      assert.deepInclude((yield* store.find(segment.id)).recompute, { state: "comparing", done: 0 })
      assert.strictEqual((yield* recompute()).at(-1)?.state, "done")
      const through = yield* store.find(segment.id)
      assert.deepStrictEqual(through.inForce, { rule: inGroup("x"), version: 1, isActive: true })
      assert.isUndefined(through.recompute)
      yield* describe(segment, "of no concern to its rule")
      assert.isUndefined(yield* step(10))
      yield* changeSegment(segment, { rule: inGroup("y") })
      assert.deepInclude((yield* store.find(segment.id)).inForce, { rule: inGroup("x"), version: 2 })
      yield* changeSegment(segment, { rule: inGroup("x") })
      assert.isUndefined((yield* store.find(segment.id)).recompute)
      assert.isUndefined(yield* step(10))
      assert.deepInclude((yield* store.find(segment.id)).inForce, { rule: inGroup("x"), version: 4 })
    })
  )
}
