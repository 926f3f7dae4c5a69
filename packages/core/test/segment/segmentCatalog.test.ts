import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { membershipField } from "../../src/segment/rule/ruleFields.ts"
import type { Rule } from "../../src/segment/rule/Rule.ts"
import type { Segment } from "../../src/segment/Segment.ts"
import { belongsByRule, catalogOf, compiledSegment, verdictOf } from "../../src/segment/SegmentCatalog.ts"
import { dependenciesOfAll, dependentsOf } from "../../src/segment/segmentDependencies.ts"
import { now, said, segment, someone } from "./segmentScene.ts"

const namesOf = (segments: ReadonlyArray<Segment>) => catalogOf(segments).inOrder.map(({ segment: { name } }) => name)

describe("a catalog of segments", () => {
  it("has each segment behind those whose membership it asks for", () => {
    const segments = [
      segment("a", 'segment("b") and segment("d")'),
      segment("b", 'not segment("c")'),
      segment("c", 'tier = "vip"'),
      segment("d", 'segment("c") or segment("unknown")')
    ]
    assert.deepStrictEqual(namesOf(segments), ["c", "b", "d", "a"])
    assert.deepStrictEqual(namesOf(segments.toReversed()), ["c", "d", "b", "a"])
  })

  const chains = fc
    .tuple(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), fc.array(fc.tuple(fc.nat(5), fc.nat(5))))
    .map(([order, asking]) =>
      order.map((place) => {
        const asked = asking.flatMap(([from, to]): ReadonlyArray<Rule> =>
          from === place && to < place ? [{ field: membershipField(`s${to}`), op: "eq", value: true }] : []
        )
        const made = segment(`s${place}`, "tier exists")
        return { ...made, inForce: { ...made.inForce, rule: { any: asked } } }
      })
    )

  it.prop([chains])("is in an order in which none comes before one that it asks for", (segments) => {
    const names = namesOf(segments)
    assert.lengthOf(names, 6)
    for (const { inForce, name } of segments) {
      for (const other of names.slice(names.indexOf(name))) {
        assert.notInclude(JSON.stringify(inForce.rule), JSON.stringify(membershipField(other)))
      }
    }
  })

  it("holds all where rules in force ask for each other in a circle", () => {
    const segments = [segment("a", 'segment("b")'), segment("b", 'segment("a")'), segment("c", "tier exists")]
    assert.sameMembers([...namesOf(segments)], ["a", "b", "c"])
  })

  it("knows for each field whom a change of it concerns, of the status all", () => {
    const segments = [
      segment("a", 'tier = "vip" and orders.count > 2'),
      segment("b", "orders.count > 3 or tier exists")
    ]
    const { concernedBy, timed } = catalogOf([...segments, segment("c", "lastOrder within 30 days")])
    assert.deepStrictEqual(
      ["tier", "orders.count", "lastOrder", "status", "email"].map((field) => concernedBy.get(field)),
      [[0, 1], [0, 1], [2], [0, 1, 2], undefined]
    )
    assert.deepStrictEqual(timed, [2])
  })

  it("is made once for each list", () => {
    const segments = [segment("a", "tier exists")]
    assert.strictEqual(catalogOf(segments), catalogOf(segments))
    assert.notStrictEqual(catalogOf(segments), catalogOf([...segments]))
  })
})

const facts = { customer: someone, segments: new Set<string>() }

describe("whether somebody belongs to a segment", () => {
  const businesses = segment("businesses", 'type = "business"')
  const off = { ...businesses, inForce: { ...businesses.inForce, isActive: false } }
  const closed = { ...facts, customer: { ...someone, status: "inactive" as const } }

  it("follows from its rule in force, as long as it is on and her account is open", () => {
    const belongs = (which: Segment, whose = facts) => belongsByRule(compiledSegment(which), whose, now)
    assert.isTrue(belongs(businesses))
    assert.isFalse(belongs({ ...businesses, inForce: segment("x", 'type = "individual"').inForce }))
    assert.isTrue(belongs({ ...businesses, rule: { any: [] } }))
    assert.deepStrictEqual([belongs(off), belongs(businesses, closed)], [false, false])
  })

  it("follows from a colleague's word where there is one, as long as anybody can belong", () => {
    const verdict = (which: Segment, member: boolean, whose = facts) =>
      verdictOf(compiledSegment(which), whose, said(which, member), now)
    assert.deepStrictEqual(verdict(businesses, false), { belongs: false, by: "hand" })
    assert.deepStrictEqual(verdict(businesses, true), { belongs: true, by: "hand" })
    assert.deepStrictEqual(verdict(off, true), { belongs: false, by: "rule" })
    assert.deepStrictEqual(verdict(businesses, true, closed), { belongs: false, by: "rule" })
  })
})

describe("what segments depend on", () => {
  const behind = { ...segment("a", 'tier = "vip"'), rule: segment("b", 'segment("c") and address.city exists').rule }

  it("is what their rules ask for, those in force and those to come, and the status", () => {
    assert.deepStrictEqual(dependenciesOfAll([behind]), new Set(["status", "tier", 'segment("c")', "address"]))
    assert.deepStrictEqual(dependenciesOfAll([]), new Set(["status"]))
  })

  it("is other segments too", () => {
    assert.deepStrictEqual(dependentsOf("c", [behind]), [behind])
    assert.deepStrictEqual(dependentsOf("a", [behind]), [])
  })
})
