import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { isBehind, type Segment, SegmentName, wantedOf } from "../../src/segment/Segment.ts"
import * as SegmentDecisions from "../../src/segment/SegmentDecisions.ts"
import type { NewSegment } from "../../src/segment/SegmentInput.ts"
import { circumstances } from "../../src/testing/index.ts"
import { ruleOf } from "./ruleScene.ts"
import { byHand, freshId, now, segment } from "./segmentScene.ts"

const later = circumstances(60).now

const create = (segments: ReadonlyArray<Segment>, input: Partial<NewSegment> & { readonly name: string }) =>
  SegmentDecisions.create(segments, { ...input, name: SegmentName.make(input.name) }, freshId(), now)

const failureOf = (result: Result.Result<Segment, { readonly _tag: string }>): string =>
  Result.isFailure(result) ? result.failure._tag : "none"

const vips = segment("vips", 'tier = "vip"')

describe("a new segment", () => {
  it("has nobody in it until its rule is in force", () => {
    const made = Result.getOrThrow(create([], { name: "vips", rule: 'tier = "vip"' }))
    assert.deepInclude(made, { kind: "rule", version: 1, isActive: true, isLeaving: false })
    assert.deepStrictEqual(made.rule, ruleOf('tier = "vip"'))
    assert.deepStrictEqual(made.inForce, { rule: { any: [] }, version: 0, isActive: true })
    assert.isTrue(isBehind(made))
  })

  it("that nobody can belong to by rule needs no recompute", () => {
    const manual = Result.getOrThrow(create([], { name: "friends", kind: "manual" }))
    const empty = Result.getOrThrow(create([], { name: "nobody", rule: { any: [] } }))
    for (const made of [manual, empty]) {
      assert.deepStrictEqual(made.inForce, { rule: { any: [] }, version: 1, isActive: true })
      assert.isFalse(isBehind(made))
    }
  })

  it("needs a rule, unless it is filled by hand: then it has none", () => {
    assert.strictEqual(failureOf(create([], { name: "vips" })), "InvalidInput")
    assert.strictEqual(failureOf(create([], { name: "vips", kind: "manual", rule: { all: [] } })), "InvalidInput")
    assert.strictEqual(failureOf(create([], { name: "vips", rule: "tier is vip" })), "InvalidInput")
  })

  it("takes no name that another has, also one on its way out", () => {
    assert.strictEqual(failureOf(create([vips], { name: "vips", kind: "manual" })), "SegmentNameTaken")
    const leaving = { ...vips, isLeaving: true }
    assert.strictEqual(failureOf(create([leaving], { name: "vips", kind: "manual" })), "SegmentNameTaken")
  })

  it("is one too many where there are as many as there may be", () => {
    const all = Array.from({ length: SegmentDecisions.mostSegments }, (_, place) => byHand(`s${place}`))
    assert.strictEqual(failureOf(create(all, { name: "another", kind: "manual" })), "SegmentLimitExceeded")
    assert.strictEqual(failureOf(create(all.slice(1), { name: "another", kind: "manual" })), "none")
  })

  it("may not ask for itself, nor for those that ask for it", () => {
    const first = segment("first", 'not segment("second")')
    const second = segment("second", 'tier = "vip" or segment("third")')
    assert.strictEqual(failureOf(create([], { name: "third", rule: 'segment("third")' })), "InvalidInput")
    const closed = create([first, second], { name: "third", rule: 'segment("first") and tier = "vip"' })
    assert.strictEqual(failureOf(closed), "InvalidInput")
    const message = Result.isFailure(closed) && "issues" in closed.failure ? closed.failure.issues[0]?.message : ""
    assert.strictEqual(message, "asks for membership in a circle: third asks for first asks for second asks for third")
    assert.strictEqual(failureOf(create([first, second], { name: "third", rule: 'segment("unknown")' })), "none")
  })
})

const update = (
  segments: ReadonlyArray<Segment>,
  reference: string,
  changes: Parameters<typeof SegmentDecisions.update>[2],
  expected?: SegmentDecisions.ExpectedSegmentVersion
) => SegmentDecisions.update(segments, reference, changes, expected, later)

describe("a changed segment", () => {
  it("keeps the rule in force until the new one is", () => {
    const changed = Result.getOrThrow(update([vips], "vips", { rule: 'tier = "premium"' }))
    assert.deepInclude(changed, { version: 2, updatedAt: later, createdAt: now, inForce: vips.inForce })
    assert.deepStrictEqual(wantedOf(changed), { rule: ruleOf('tier = "premium"'), version: 2, isActive: true })
    assert.isTrue(isBehind(changed))
  })

  it("has its rule in force under the new version where that is the same", () => {
    const described = Result.getOrThrow(update([vips], vips.id, { description: "The best" }))
    assert.deepStrictEqual(described.inForce, { ...vips.inForce, version: 2 })
    const changed = Result.getOrThrow(update([described], "vips", { rule: "tier exists", description: null }))
    assert.isUndefined(changed.description)
    const back = Result.getOrThrow(update([changed], "vips", { rule: 'tier = "vip"' }))
    assert.deepStrictEqual(back.inForce, { ...vips.inForce, version: 4 })
    assert.isFalse(isBehind(back))
  })

  it("is the same segment where nothing is changed", () => {
    assert.strictEqual(Result.getOrThrow(update([vips], "vips", {})), vips)
    assert.strictEqual(Result.getOrThrow(update([vips], "vips", { rule: 'tier = "vip"', isActive: true })), vips)
    assert.strictEqual(Result.getOrThrow(update([vips], "vips", { description: null })), vips)
  })

  it("is behind when it is switched off and on again, and not by its rule meanwhile", () => {
    const off = Result.getOrThrow(update([vips], "vips", { isActive: false }))
    assert.isTrue(isBehind(off))
    const isOff = { ...off, inForce: wantedOf(off) }
    const changed = Result.getOrThrow(update([isOff], "vips", { rule: 'tier = "premium"' }))
    assert.isFalse(isBehind(changed))
    assert.isTrue(isBehind(Result.getOrThrow(update([changed], "vips", { isActive: true }))))
  })

  it("was expected to have its version", () => {
    const conflict = update([vips], "vips", { isActive: false }, 7)
    assert.deepInclude(Result.isFailure(conflict) ? conflict.failure : {}, {
      _tag: "SegmentVersionConflict",
      current: 1
    })
    assert.strictEqual(failureOf(update([vips], "vips", { isActive: false }, [7, 1])), "none")
  })

  it("is one that is there, and not on its way out", () => {
    assert.strictEqual(failureOf(update([vips], "others", {})), "SegmentNotFound")
    assert.strictEqual(failureOf(update([{ ...vips, isLeaving: true }], "vips", {})), "SegmentNotFound")
    assert.strictEqual(failureOf(update([vips], vips.id.toUpperCase(), {})), "none")
  })

  it("takes a rule only where it has one, and no circle", () => {
    assert.strictEqual(failureOf(update([byHand("friends")], "friends", { rule: { all: [] } })), "InvalidInput")
    const asking = segment("asking", 'segment("vips")')
    assert.strictEqual(failureOf(update([vips, asking], "vips", { rule: 'segment("asking")' })), "InvalidInput")
  })
})

describe("a removed segment", () => {
  const remove = (segments: ReadonlyArray<Segment>, reference: string, expected?: number) =>
    SegmentDecisions.remove(segments, reference, expected, later)

  it("is on its way out under another version", () => {
    const leaving = Result.getOrThrow(remove([vips], "vips", 1))
    assert.deepInclude(leaving, { isLeaving: true, version: 2, updatedAt: later, inForce: vips.inForce })
    assert.isTrue(isBehind(leaving))
    assert.isFalse(wantedOf(leaving).isActive)
    assert.strictEqual(failureOf(remove([leaving], "vips")), "SegmentNotFound")
    assert.strictEqual(failureOf(remove([vips], "vips", 2)), "SegmentVersionConflict")
  })

  it("is one that no rule asks for, neither one in force nor one to come", () => {
    const asking = segment("asking", 'segment("vips")')
    const waiting = { ...asking, inForce: vips.inForce }
    const ended = { ...asking, rule: vips.rule }
    for (const other of [asking, waiting, ended]) {
      const refused = remove([vips, other], "vips")
      assert.deepInclude(Result.isFailure(refused) ? refused.failure : {}, { _tag: "SegmentInUse", by: ["asking"] })
    }
  })
})
