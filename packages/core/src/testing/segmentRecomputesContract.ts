import { assert, layer } from "@effect/vitest"
import { Array, Effect, type Layer } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { MembershipChange } from "../segment/Membership.ts"
import { noOne } from "../segment/rule/Rule.ts"
import type { Segment } from "../segment/Segment.ts"
import { SegmentMemberships } from "../segment/SegmentMemberships.ts"
import { SegmentRecomputes } from "../segment/SegmentRecomputes.ts"
import { SegmentStore } from "../segment/SegmentStore.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { chaining } from "./segmentRecomputesContractChains.ts"
import { meanwhile } from "./segmentRecomputesContractMeanwhile.ts"
import { stepping } from "./segmentRecomputesContractSteps.ts"
import {
  changeSegment,
  except,
  freshName,
  inGroup,
  known,
  manualSegment,
  membersAmong,
  people,
  recompute,
  removeSegment,
  reviewedAt,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  step,
  toldOf,
  writeSegment
} from "./segmentContractPeople.ts"
import { freshWord } from "./strangers.ts"

/**
 * The contract of {@link SegmentRecomputes}; `another` is the same over the same store, as another process would have
 * it. Nobody else may review customers or recompute segments meanwhile.
 */
export const segmentRecomputesContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<SegmentServices | R, E>,
  another: Layer.Layer<SegmentRecomputes, never, SegmentServices | R>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of SegmentRecomputes`, (it) => {
    switching(it)
    leaving(it)
    starting(it)
    stepping(it, another)
    meanwhile(it)
    chaining(it)
  })

const switching = (it: ContractSuite<SegmentServices>): void => {
  it.effect("a recompute brings everybody where the new rule puts her, and nobody moves before the switch", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 5))
      const ids = yield* people(group, 10)
      yield* settle()
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids.slice(5))
      const { version } = yield* changeSegment(segment, { rule: scoring(group, "between", [2, 6]) })
      let isSwitched = false
      for (let done = yield* step(4); done !== undefined; done = yield* step(4)) {
        const { inForce, recompute: progress } = yield* store.find(segment.id)
        isSwitched = inForce.version === version
        assert.strictEqual(done.state === "comparing", progress?.state === "comparing")
        assert.strictEqual(isSwitched, done.state !== "comparing")
        assert.deepStrictEqual(yield* membersAmong(ids, segment), isSwitched ? ids.slice(2, 7) : ids.slice(5))
        assert.strictEqual((yield* store.memberCounts).get(segment.id), 5)
      }
      assert.isTrue(isSwitched)
      const { inForce, recompute: progress } = yield* store.find(segment.id)
      assert.deepStrictEqual([inForce.rule, progress], [scoring(group, "between", [2, 6]), undefined])
      const told = yield* Effect.forEach(ids, (id) => toldOf(id, segment))
      assert.deepStrictEqual(told, [
        ...Array.replicate([], 2),
        ...Array.replicate([`joined by ${version}`], 3),
        ...Array.replicate(["joined by 1"], 2),
        ...Array.replicate(["joined by 1", `left by ${version}`], 3)
      ])
      yield* settle()
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids.slice(2, 7))
    })
  )

  it.effect("everybody who moved has one event, with the new rule's version", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const ids = yield* people(group, 12)
      yield* settle()
      const segment = yield* writeSegment({ name: freshName(), rule: inGroup(group) })
      const steps = yield* recompute(5)
      assert.includeMembers(
        steps.map(({ state }) => state),
        ["comparing", "telling", "done"]
      )
      for (const id of ids) assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by 1"])
      yield* changeSegment(segment, { description: "another word" })
      yield* changeSegment(segment, { rule: scoring(group, "lt", 6) })
      yield* recompute(5)
      const told = yield* Effect.forEach(ids, (id) => toldOf(id, segment))
      assert.deepStrictEqual(told, [
        ...Array.replicate(["joined by 1"], 6),
        ...Array.replicate(["joined by 1", "left by 3"], 6)
      ])
    })
  )

  it.effect("exceptions made by hand outlive a recompute", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 5))
      const ids = yield* people(group, 10)
      yield* settle()
      for (const id of ids.slice(0, 1)) yield* except(id, segment, true)
      for (const id of ids.slice(9)) yield* except(id, segment, false)
      yield* changeSegment(segment, { rule: scoring(group, "gte", 8) })
      yield* recompute(3)
      const expected = [...ids.slice(0, 1), ...ids.slice(8, 9)]
      assert.deepStrictEqual(yield* membersAmong(ids, segment), expected)
      for (const id of [...ids.slice(0, 1), ...ids.slice(9)]) {
        assert.isTrue((yield* known(id)).current.exceptions.has(segment.id))
      }
      yield* changeSegment(segment, { isActive: false })
      yield* recompute()
      assert.deepStrictEqual(yield* membersAmong(ids, segment), [])
      yield* changeSegment(segment, { isActive: true })
      yield* recompute()
      assert.deepStrictEqual(yield* membersAmong(ids, segment), expected)
      const [byHand, byRule] = yield* Effect.forEach(expected, (id) =>
        Effect.map(known(id), ({ current }) => current.memberships.get(segment.id)?.by)
      )
      assert.deepStrictEqual([byHand, byRule], ["hand", "rule"])
    })
  )
}

const leaving = (it: ContractSuite<SegmentServices>): void => {
  it.effect("a segment that is switched off loses its members, and one that leaves is gone at the end", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const group = freshWord()
      const ids = yield* people(group, 6)
      yield* settle()
      const [segment, manual] = [yield* segmentOf(inGroup(group)), yield* manualSegment]
      for (const id of ids) yield* except(id, manual, true)
      yield* changeSegment(segment, { isActive: false })
      yield* changeSegment(manual, { isActive: false })
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids)
      yield* recompute(4)
      assert.deepStrictEqual(yield* membersAmong(ids, segment), [])
      assert.deepStrictEqual(yield* membersAmong(ids, manual), [])
      for (const id of ids) assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by 1", "left by 2"])
      yield* changeSegment(manual, { isActive: true })
      yield* recompute()
      assert.deepStrictEqual(yield* membersAmong(ids, manual), ids)
      // One that nobody belongs to any more, and one that everybody does.
      yield* removeSegment(segment)
      const { version } = yield* removeSegment(manual)
      const steps = yield* recompute(4)
      assert.sameMembers(
        steps.filter(({ state }) => state === "done").map(({ name, segment: left }) => [name, left].join()),
        [segment.name, manual.name].map((name) => [name, undefined].join())
      )
      for (const { id, name } of [segment, manual]) {
        assert.strictEqual((yield* Effect.flip(store.find(name)))._tag, "SegmentNotFound")
        assert.isFalse((yield* store.memberCounts).has(id))
      }
      for (const id of ids) {
        const { memberships, exceptions } = (yield* known(id)).current
        assert.isFalse(memberships.has(manual.id) || exceptions.has(manual.id))
        assert.strictEqual((yield* toldOf(id, manual)).at(-1), `left by ${version}`)
      }
      assert.strictEqual((yield* writeSegment({ name: manual.name, rule: noOne })).version, 1)
    })
  )
}

/** Has the first of these belong to a segment, and nobody else, whatever the rules say. */
const misplace = Effect.fnUntraced(function* (ids: ReadonlyArray<CustomerId>, { id: segmentId }: Segment) {
  const memberships = yield* SegmentMemberships
  yield* memberships.review(ids, reviewedAt, (_, { customer }): MembershipChange => ({
    customer,
    joins: customer.id === ids[0] ? [{ segmentId, since: reviewedAt, by: "rule" }] : [],
    leaves: [],
    stays: [],
    made: [],
    over: [],
    events: [],
    audits: []
  }))
})

const starting = (it: ContractSuite<SegmentServices>): void => {
  it.effect("start has a segment recomputed whose rule is in force", () =>
    Effect.gen(function* () {
      const [recomputes, store] = [yield* SegmentRecomputes, yield* SegmentStore]
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 3))
      const ids = yield* people(group, 6)
      yield* settle()
      assert.isUndefined(yield* step(10))
      assert.strictEqual(yield* recomputes.start([segment.id, (yield* manualSegment).id]), 2)
      assert.deepInclude((yield* store.find(segment.id)).recompute, { state: "comparing", done: 0 })
      const states = (yield* recompute()).map(({ name, state }) => `${name} ${state}`)
      assert.include(states, `${segment.name} done`)
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids.slice(3))
      for (const id of ids.slice(3)) assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by 1"])
      assert.strictEqual(yield* recomputes.start([]), 0)
      assert.isUndefined(yield* step(10))
    })
  )

  it.effect("a recompute of a rule in force puts right what had gone wrong", () =>
    Effect.gen(function* () {
      const recomputes = yield* SegmentRecomputes
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 1))
      const ids = yield* people(group, 2)
      yield* misplace(ids, segment)
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids.slice(0, 1))
      yield* recomputes.start([segment.id])
      yield* recompute()
      assert.deepStrictEqual(yield* membersAmong(ids, segment), ids.slice(1))
      const told = yield* Effect.forEach(ids, (id) => toldOf(id, segment))
      assert.deepStrictEqual(told, [["left by 1"], ["joined by 1"]])
    })
  )
}
