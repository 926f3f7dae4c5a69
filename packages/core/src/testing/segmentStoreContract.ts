import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { defaultSegments } from "../segment/Segment.ts"
import * as SegmentDecisions from "../segment/SegmentDecisions.ts"
import { SegmentStore } from "../segment/SegmentStore.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { at } from "./inboxContractMessages.ts"
import {
  changeSegment,
  except,
  freshName,
  freshSegmentId,
  inGroup,
  manualSegment,
  people,
  person,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  writeSegment
} from "./segmentContractPeople.ts"
import { onceOnly } from "./segmentStoreContractOnce.ts"
import { asJson, manifold, writing } from "./segmentStoreContractWrites.ts"
import { freshWord } from "./strangers.ts"

/** The contract of {@link SegmentStore}. Nobody else may recompute segments meanwhile. */
export const segmentStoreContract = <E>(
  name: string,
  adapter: Layer.Layer<SegmentServices, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of SegmentStore`, (it) => {
    readingBack(it)
    writing(it)
    onceOnly(it)
    counting(it)
  })

const readingBack = (it: ContractSuite<SegmentServices>): void => {
  it.effect("the specification's five segments are there from the beginning, each with its rule", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      assert.lengthOf(defaultSegments, 5)
      for (const { description, name, rule } of defaultSegments) {
        const segment = yield* store.find(name)
        const inForce = { rule, version: 1, isActive: true }
        const expected = {
          name,
          description,
          kind: "rule",
          rule,
          version: 1,
          isActive: true,
          isLeaving: false,
          inForce
        }
        assert.deepInclude(asJson(segment), expected)
        assert.isUndefined(segment.recompute)
      }
    })
  )

  it.effect("a segment that was written is read back, by its id and by its name", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const name = freshName()
      const description = 'Zoë’s "favourites" \\ 100%_off\'); --\u2028👩‍👩‍👧‍👦'
      const written = yield* writeSegment({ name, description, rule: manifold })
      assert.deepInclude(asJson(written), { name, description, kind: "rule", rule: manifold, version: 1 })
      for (const reference of [written.id, written.id.toUpperCase(), name]) {
        assert.deepStrictEqual(asJson(yield* store.find(reference)), asJson(written))
      }
      // Rules are told from one another by their text.
      assert.strictEqual(JSON.stringify((yield* store.find(name)).rule), JSON.stringify(manifold))
      const changed = yield* changeSegment(written, { description: null, rule: inGroup("x"), isActive: false })
      assert.deepInclude(asJson(changed), { rule: inGroup("x"), isActive: false, version: 2 })
      assert.notProperty(asJson(changed), "description")
      assert.deepStrictEqual(asJson(yield* store.find(name)), asJson(changed))
      const manual = yield* manualSegment
      assert.deepStrictEqual(asJson(yield* store.find(manual.id)), asJson(manual))
    })
  )

  it.effect("find fails with SegmentNotFound for what is not there", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      for (const reference of [freshName(), yield* freshSegmentId, "", "ALL-CUSTOMERS", "'; --", "x".repeat(300)]) {
        assert.strictEqual((yield* Effect.flip(store.find(reference)))._tag, "SegmentNotFound")
      }
    })
  )

  it.effect("list gives all segments in the order of their names", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const word = freshWord()
      const names = ["-b", "0", "a", "-a-a", "z", "-a0", "9"].map((end) => `${word}${end}`)
      const written = yield* Effect.forEach(names, (start) => writeSegment({ name: freshName(start), kind: "manual" }))
      const listed = yield* store.list
      const all = listed.map(({ name }): string => name)
      assert.includeMembers(
        all,
        [...defaultSegments, ...written].map(({ name }): string => name)
      )
      assert.deepStrictEqual(all, all.toSorted())
      const own = listed.filter(({ name }) => name.startsWith(word))
      assert.sameDeepMembers(own.map(asJson), written.map(asJson))
    })
  )
}

const counting = (it: ContractSuite<SegmentServices>): void => {
  it.effect("memberCounts counts who belongs to each segment, those with nobody too", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const group = freshWord()
      yield* people(group, 5)
      const [high, none] = [yield* segmentOf(scoring(group, "gte", 2)), yield* segmentOf(inGroup(freshWord()))]
      const manual = yield* manualSegment
      yield* except(yield* person(group, 0), high, true)
      yield* settle()
      const counts = yield* store.memberCounts
      assert.deepStrictEqual(
        [high, none, manual].map(({ id }) => counts.get(id)),
        [4, 0, 0]
      )
      assert.deepStrictEqual(yield* Effect.forEach([high, none], ({ id }) => store.memberCount(id)), [4, 0])
      assert.deepStrictEqual(new Set(counts.keys()), new Set((yield* store.list).map(({ id }) => id)))
    })
  )

  it.effect("two segments of one name are never there", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const segment = yield* manualSegment
      const id = yield* freshSegmentId
      const again = store.write((segments) =>
        SegmentDecisions.create(segments, { name: segment.name, kind: "manual" }, id, at(0))
      )
      assert.strictEqual((yield* Effect.flip(again))._tag, "SegmentNameTaken")
      assert.strictEqual((yield* Effect.flip(store.find(id)))._tag, "SegmentNotFound")
    })
  )
}
