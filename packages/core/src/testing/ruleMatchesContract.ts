import { assert, layer } from "@effect/vitest"
import { Array, Effect, type Layer } from "effect"
import { RuleMatches } from "../segment/RuleMatches.ts"
import { membershipField } from "../segment/rule/ruleFields.ts"
import type { Rule } from "../segment/rule/Rule.ts"
import { SegmentStore } from "../segment/SegmentStore.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { erase } from "./customerStandingsContractPeople.ts"
import {
  close,
  inGroup,
  known,
  people,
  person,
  reviewedAt,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  step
} from "./segmentContractPeople.ts"
import { freshWord, plain } from "./strangers.ts"

/** The contract of {@link RuleMatches}. Nobody else may change customers or segments meanwhile. */
export const ruleMatchesContract = <E>(
  name: string,
  adapter: Layer.Layer<SegmentServices, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of RuleMatches`, (it) => {
    previewing(it)
  })

const limits = { most: 4, seconds: 60 }

const preview = (rule: Rule, most = limits.most, seconds = limits.seconds) =>
  Effect.flatMap(RuleMatches, (matches) => matches.preview(rule, reviewedAt, { most, seconds }))

const previewing = (it: ContractSuite<SegmentServices>): void => {
  it.effect("a preview counts the open accounts that a rule fits, and names some of them", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const ids = (yield* people(group, 8)).toSorted()
      for (const id of yield* Effect.all(Array.replicate(person(group, 1), 2))) yield* close(id)
      yield* erase(yield* person(group, 1))
      assert.deepStrictEqual(yield* preview(inGroup(group)), { count: 8, sample: ids.slice(0, 4) })
      assert.deepStrictEqual(yield* preview(inGroup(group), 100), { count: 8, sample: ids })
      assert.strictEqual((yield* preview(scoring(group, "gte", 6))).count, 2)
      assert.deepStrictEqual(yield* preview(inGroup(freshWord())), { count: 0, sample: [] })
      const withAnother = { all: [inGroup(group), { field: "createdAt", op: "notWithinLast", value: 1 }] } as const
      assert.strictEqual((yield* preview(withAnother)).count, 0)
    })
  )

  it.effect("a preview goes by the segments that people belong to", () =>
    Effect.gen(function* () {
      const group = freshWord()
      yield* people(group, 6)
      const segment = yield* segmentOf(scoring(group, "lt", 2))
      yield* settle()
      const membership = (value: boolean): Rule => ({ field: membershipField(segment.name), op: "eq", value })
      assert.strictEqual((yield* preview({ all: [inGroup(group), membership(true)] })).count, 2)
      assert.strictEqual((yield* preview({ all: [inGroup(group), membership(false)] })).count, 4)
      const unknown: Rule = { field: membershipField("there-is-no-such-segment"), op: "ne", value: true }
      assert.strictEqual((yield* preview({ all: [inGroup(group), unknown] })).count, 6)
    })
  )

  it.effect("a preview changes nothing", () =>
    Effect.gen(function* () {
      const store = yield* SegmentStore
      const [group, key] = [freshWord(), freshWord()]
      const id = yield* person(group)
      yield* settle()
      const everything = Effect.gen(function* () {
        const { current } = yield* known(id)
        const memberships = [...current.memberships.values()]
        return [
          { ...current, customer: plain(current.customer), memberships },
          yield* store.list,
          yield* store.revision
        ]
      })
      const before = yield* everything
      yield* preview({ not: { field: `profile.data.${key}`, op: "exists", value: true } })
      assert.deepStrictEqual(yield* everything, before)
      assert.isUndefined(yield* step(10))
      assert.deepStrictEqual(yield* settle(), [])
    })
  )

  it.effect("a preview that takes longer than its time fails with PreviewTooSlow", () =>
    Effect.gen(function* () {
      yield* person(freshWord())
      const failure = yield* Effect.flip(preview({ all: [] }, 4, 0))
      assert.deepInclude(failure, { _tag: "PreviewTooSlow", seconds: 0 })
    })
  )
}
