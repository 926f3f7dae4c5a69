import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Schema } from "effect"
import { Customer } from "../../src/customer/Customer.ts"
import type { CustomerFacts } from "../../src/segment/changedFields.ts"
import { everything, factsChange, formerFacts, joinedChange } from "../../src/segment/FormerFacts.ts"
import { Arbitraries } from "../../src/testing/index.ts"
import { now, someone } from "./segmentScene.ts"

const encode = Schema.encodeSync(Customer, { disableChecks: true })

/** What rules may ask of somebody, as plain values. */
const plain = ({ customer, lastOrderAt }: CustomerFacts) => {
  const { addresses, customerType, email, preferences, profile, segment, status } = encode(customer)
  return {
    addresses,
    customerType,
    email,
    preferences,
    profile,
    segment,
    status,
    lastOrderAt: lastOrderAt?.epochMilliseconds
  }
}

/** States of one customer, one after the other. */
const states = fc.array(Arbitraries.facts(now), { minLength: 2, maxLength: 4 }).map((all) =>
  all.map(({ customer, lastOrderAt }): CustomerFacts => ({
    customer: { ...customer, id: someone.id, createdAt: someone.createdAt },
    lastOrderAt
  }))
)

describe("what somebody was like before she changed", () => {
  it.prop([states])("is what she was like before the first of several changes, through JSON too", (all) => {
    const [first = all[0], ...others] = all
    const last = all.at(-1)
    if (first === undefined || last === undefined) return
    const changes = others.flatMap((after, place) => factsChange(all[place] ?? first, after) ?? [])
    const [change, ...more] = changes
    if (change === undefined) return
    const { before } = JSON.parse(JSON.stringify(more.reduce(joinedChange, change)))
    assert.deepEqual(plain(formerFacts(last, before)), plain(first))
  })

  it("holds what has changed alone", () => {
    const after = { ...someone, profile: { ...someone.profile, firstName: "Zoë" } }
    assert.deepStrictEqual(factsChange({ customer: someone }, { customer: after }), {
      fields: ["profile.firstName"],
      before: { profile: {} }
    })
    assert.deepStrictEqual(
      factsChange({ customer: someone, lastOrderAt: undefined }, { customer: someone, lastOrderAt: now }),
      {
        fields: ["lastOrder"],
        before: { lastOrderAt: null }
      }
    )
  })

  it("is nothing for a newcomer, who changes everything", () => {
    assert.strictEqual(factsChange(undefined, { customer: someone }), everything)
    assert.deepStrictEqual(plain(formerFacts({ customer: someone }, everything.before)), plain({ customer: someone }))
  })

  it("is not kept where nothing changes that rules ask for", () => {
    const seen = { ...someone, lastLoginAt: now, updatedAt: now, version: 7 }
    assert.isUndefined(factsChange({ customer: someone }, { customer: seen }))
  })

  it("of two changes has each field once", () => {
    const change = joinedChange(
      { fields: ["tier", "address"], before: {} },
      { fields: ["address", "email"], before: {} }
    )
    assert.deepStrictEqual(change.fields, ["tier", "address", "email"])
  })
})
