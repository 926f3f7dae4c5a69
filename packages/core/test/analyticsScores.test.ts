import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Number as Numbers } from "effect"
import { boundsOf, type Score, scoreOf, type Scores } from "../src/analytics/Quantiles.ts"
import { codeOf, groupOf, RfmGroup } from "../src/analytics/RfmGroup.ts"

const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 })
const bounds = (given: ReadonlyArray<number>) => boundsOf(given, Numbers.Order) ?? assert.fail("no bounds")
const scoresIn = (given: ReadonlyArray<number>) =>
  given.map((value) => scoreOf(value, bounds(given), Numbers.Order) as number)

describe("the bounds of some values", () => {
  it.prop([values])("are the least values that so many fifths of them do not exceed", (given) => {
    const least = (fifths: number) =>
      Math.min(...given.filter((bound) => given.filter((value) => value <= bound).length * 5 >= fifths * given.length))
    assert.deepEqual<unknown>(bounds(given), [least(1), least(2), least(3), least(4)])
  })

  it.prop([values])("do not depend on the order in which they are given", (given) => {
    assert.deepEqual(bounds(given.toReversed()), bounds(given))
  })

  it("of ten are every second one", () => {
    assert.deepEqual<unknown>(bounds([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), [2, 4, 6, 8])
  })

  it("of one value are that value, and of none there are none", () => {
    assert.deepEqual<unknown>(bounds([7]), [7, 7, 7, 7])
    assert.isUndefined(boundsOf<number>([], Numbers.Order))
  })
})

describe("a score", () => {
  it("puts five different values into five fifths", () => {
    assert.deepEqual(scoresIn([10, 20, 30, 40, 50]), [1, 2, 3, 4, 5])
  })

  it("is the same for equal values, and the lowest that they share", () => {
    assert.deepEqual(scoresIn([1, 1, 1, 1, 1, 1, 2, 2, 3, 4]), [1, 1, 1, 1, 1, 1, 4, 4, 5, 5])
  })

  it.prop([values])("grows with the value, and lets no more than a fifth beyond its own into a score", (given) => {
    const scores = scoresIn(given.toSorted(Numbers.Order))
    assert.deepEqual(scores, scores.toSorted(Numbers.Order))
    for (const score of [2, 3, 4, 5]) {
      const above = scores.filter((each) => each >= score).length
      assert.isAtMost(above * 5, (6 - score) * given.length)
    }
  })
})

const score = fc.constantFrom<Score>(1, 2, 3, 4, 5)
const scores = fc.record({ recency: score, frequency: score, monetary: score }, { noNullPrototype: true })

const all = ([1, 2, 3, 4, 5] as const).flatMap((recency) =>
  ([1, 2, 3, 4, 5] as const).flatMap((frequency) =>
    ([1, 2, 3, 4, 5] as const).map((monetary): Scores => ({ recency, frequency, monetary }))
  )
)

describe("an RFM group", () => {
  it("is there for every score, and every group for some", () => {
    assert.sameMembers([...new Set(all.map(groupOf))], [...RfmGroup.literals])
  })

  it.each([
    ["555", "champions"],
    ["545", "champions"],
    ["445", "champions"],
    ["444", "loyal"],
    ["355", "loyal"],
    ["423", "potential_loyalists"],
    ["511", "new_customers"],
    ["411", "promising"],
    ["333", "need_attention"],
    ["312", "about_to_sleep"],
    ["255", "at_risk"],
    ["154", "cannot_lose"],
    ["212", "hibernating"],
    ["111", "lost"]
  ] as const)("of %s is %s", (code, group) => {
    assert.deepEqual(all.filter((each) => codeOf(each) === code).map(groupOf), [group])
  })

  it.prop([scores])("weighs frequency and monetary alike", ({ frequency, monetary, recency }) => {
    const turned = { recency, frequency: monetary, monetary: frequency }
    assert.strictEqual(groupOf(turned), groupOf({ recency, frequency, monetary }))
  })
})
