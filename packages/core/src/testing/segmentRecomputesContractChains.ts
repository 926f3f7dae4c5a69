import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { membershipField } from "../segment/rule/ruleFields.ts"
import type { Rule } from "../segment/rule/Rule.ts"
import type { Segment } from "../segment/Segment.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  changeSegment,
  except,
  freshName,
  inGroup,
  manualSegment,
  membersAmong,
  people,
  person,
  recompute,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  setScore,
  toldOf,
  writeSegment
} from "./segmentContractPeople.ts"
import { freshWord } from "./strangers.ts"

const memberOf = ({ name }: Pick<Segment, "name">, value = true): Rule => ({
  field: membershipField(name),
  op: "eq",
  value
})

/** Segments that ask for one another. */
export const chaining = (it: ContractSuite<SegmentServices>): void => {
  it.effect("segments whose rules ask for a segment that moved somebody are recomputed too", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const ids = yield* people(group, 6)
      const [first, second, third] = [freshName(), freshName(), freshName()]
      // The last of the chain is there first: it is recomputed before those it asks for.
      const last = yield* segmentOf({ all: [inGroup(group), memberOf({ name: second }, false)] }, third)
      const middle = yield* segmentOf({ all: [memberOf({ name: first }), scoring(group, "gte", 2)] }, second)
      const base = yield* segmentOf(scoring(group, "lt", 4), first)
      yield* settle()
      const where = Effect.forEach([base, middle, last], (segment) =>
        Effect.map(membersAmong(ids, segment), (all) => all.map((id) => ids.indexOf(id)))
      )
      assert.deepStrictEqual(yield* where, [
        [0, 1, 2, 3],
        [2, 3],
        [0, 1, 4, 5]
      ])
      yield* changeSegment(base, { rule: scoring(group, "gte", 3) })
      yield* recompute(3)
      assert.deepStrictEqual(yield* where, [
        [3, 4, 5],
        [3, 4, 5],
        [0, 1, 2]
      ])
      for (const id of ids.slice(2, 3)) {
        const told = yield* Effect.forEach([base, middle, last], (segment) => toldOf(id, segment))
        assert.deepStrictEqual(told, [
          ["joined by 1", "left by 2"],
          ["joined by 1", "left by 1"],
          ["joined by 1", "left by 1", "joined by 1"]
        ])
      }
    })
  )

  it.effect("whoever moves into a segment moves into those that ask for it, at once and in their order", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const manual = yield* manualSegment
      const [second, first] = [freshName("a"), freshName("b")]
      yield* writeSegment({ name: first, rule: { any: [scoring(group, "gte", 5), memberOf(manual)] } })
      yield* writeSegment({ name: second, rule: memberOf({ name: first }, false) })
      yield* recompute()
      const [id, base, dependent] = [yield* person(group, 1), { name: first }, { name: second }]
      yield* settle()
      assert.deepStrictEqual([yield* toldOf(id, base), yield* toldOf(id, dependent)], [[], ["joined by 1"]])
      yield* setScore(id, 6)
      yield* settle()
      assert.deepStrictEqual(yield* toldOf(id, base), ["joined by 1"])
      assert.deepStrictEqual(yield* toldOf(id, dependent), ["joined by 1", "left by 1"])
      yield* setScore(id, 1)
      yield* settle()
      yield* except(id, manual, true)
      assert.deepStrictEqual(yield* toldOf(id, base), ["joined by 1", "left by 1", "joined by 1"])
      assert.deepStrictEqual(yield* toldOf(id, dependent), ["joined by 1", "left by 1", "joined by 1", "left by 1"])
    })
  )
}
