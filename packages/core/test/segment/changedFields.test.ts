import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { BigDecimal, DateTime } from "effect"
import { changedFields, type CustomerFacts } from "../../src/segment/changedFields.ts"
import { compileRule } from "../../src/segment/rule/matches.ts"
import { dependenciesOf } from "../../src/segment/segmentDependencies.ts"
import { Arbitraries } from "../../src/testing/index.ts"
import { now, someone } from "./segmentScene.ts"

const before: CustomerFacts = { customer: someone }

const changed = (more: Partial<CustomerFacts["customer"]>) =>
  changedFields(before, { customer: { ...someone, ...more } }).toSorted()

describe("the fields that differ between two states of a customer", () => {
  it("are told by the names that rules have for them", () => {
    const { preferences, profile, segment } = someone
    const data = { size: 5, "a.b": true }
    assert.deepStrictEqual(changed({ profile: { ...profile, firstName: "Zoë", data } }), [
      "profile.data.a.b",
      "profile.data.size",
      "profile.firstName"
    ])
    const marketing = { ...preferences.marketing, smsOptIn: !preferences.marketing.smsOptIn }
    assert.deepStrictEqual(changed({ preferences: { ...preferences, language: "de", marketing } }), [
      "preferences.language",
      "preferences.marketing.smsOptIn"
    ])
    assert.deepStrictEqual(changed({ customerType: "individual", status: "inactive" }), ["status", "type"])
    const standing = {
      ...segment,
      tier: "vip",
      orderCount: 1,
      totalSpent: BigDecimal.make(1n, 0),
      loyaltyPoints: 9
    } as const
    assert.deepStrictEqual(changed({ segment: standing }), ["loyalty.points", "orders.count", "orders.total", "tier"])
    assert.deepStrictEqual(changed({ addresses: [] }), ["address"])
    assert.deepStrictEqual(changedFields(before, { ...before, lastOrderAt: now }), ["lastOrder"])
  })

  it("are none where only what rules cannot ask for differs", () => {
    const { preferences, profile, segment } = someone
    const same = {
      ...segment,
      segment: "vip",
      totalSpent: BigDecimal.make(0n, 4),
      averageOrderValue: segment.averageOrderValue
    } as const
    assert.deepStrictEqual(changed({ emailVerified: true, lastLoginAt: now, updatedAt: now, version: 9 }), [])
    assert.deepStrictEqual(changed({ profile: { ...profile }, preferences: { ...preferences }, segment: same }), [])
    const again = DateTime.makeUnsafe(now.epochMilliseconds)
    assert.deepStrictEqual(changedFields({ ...before, lastOrderAt: now }, { ...before, lastOrderAt: again }), [])
  })

  const states = fc.tuple(Arbitraries.facts(now), Arbitraries.facts(now), Arbitraries.rule(now))

  it.prop([states])("are among them whatever makes a rule decide otherwise", ([one, other, rule]) => {
    const segments = one.segments
    const [first, second] = [one, other].map(({ customer, lastOrderAt }) => ({
      customer: { ...customer, createdAt: one.customer.createdAt },
      ...(lastOrderAt === undefined ? {} : { lastOrderAt }),
      segments
    }))
    if (first === undefined || second === undefined) return
    const test = compileRule(rule)
    if (test(first, now.epochMilliseconds) === test(second, now.epochMilliseconds)) return
    const dependencies = dependenciesOf(rule)
    assert.isNotEmpty(changedFields(first, second).filter((field) => dependencies.has(field)))
  })
})
