import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { isOpen, matches } from "../../src/segment/rule/matches.ts"
import { type Clause, everyone, noOne, Operator, type Rule } from "../../src/segment/rule/Rule.ts"
import { fieldOf } from "../../src/segment/rule/ruleFields.ts"
import { facts as someFacts } from "../../src/testing/factsArbitraries.ts"
import { clause, rule } from "../../src/testing/ruleArbitraries.ts"
import { addressIn, assertFails, assertHolds, atTurns, facts, spender } from "./ruleVerdicts.ts"

const drawn = atTurns((now) => fc.tuple(rule(now), rule(now), someFacts(now)))
const drawnBy = (...ops: ReadonlyArray<Operator>) =>
  atTurns((now) =>
    fc.tuple(
      clause(now, (op) => ops.includes(op)),
      someFacts(now)
    )
  )
const drawnClause = drawnBy(...Operator.literals)

const values = ({ field }: Clause, known: Parameters<typeof matches>[1]) => fieldOf(field)?.read(known) ?? []

describe("a rule", () => {
  it.prop([drawn], { numRuns: 500 })("holds with not exactly where it does not without", ([now, [one, , known]]) => {
    assert.strictEqual(matches({ not: one }, known, now), !matches(one, known, now))
  })

  it.prop([drawn], { numRuns: 500 })("of all, any and not keeps De Morgan's laws", ([now, [one, other, known]]) => {
    const both: Rule = { all: [one, other] }
    const either: Rule = { any: [one, other] }
    assert.strictEqual(matches(both, known, now), matches(one, known, now) && matches(other, known, now))
    assert.strictEqual(matches(either, known, now), matches(one, known, now) || matches(other, known, now))
    assert.strictEqual(matches({ not: both }, known, now), matches({ any: [{ not: one }, { not: other }] }, known, now))
    assert.strictEqual(
      matches({ not: either }, known, now),
      matches({ all: [{ not: one }, { not: other }] }, known, now)
    )
  })

  it.prop([drawn], { numRuns: 200 })("of nothing holds for everybody or nobody", ([now, [, , known]]) => {
    assert.isTrue(matches(everyone, known, now))
    assert.isFalse(matches(noOne, known, now))
  })
})

describe("a condition", () => {
  it.prop([drawnBy("ne", "notWithinLast")], { numRuns: 500 })(
    "with a contrary operator is exactly the contrary",
    ([now, [asked, known]]) => {
      const op = asked.op === "ne" ? "eq" : "withinLast"
      assert.strictEqual(matches(asked, known, now), !matches({ ...asked, op }, known, now))
    }
  )

  it.prop([drawnClause], { numRuns: 1000 })(
    "on a missing value holds for contraries alone",
    ([now, [asked, known]]) => {
      if (values(asked, known).length > 0) return
      const isContrary = asked.op === "ne" || asked.op === "notWithinLast" || (asked.op === "exists" && !asked.value)
      assert.strictEqual(matches(asked, known, now), isContrary)
    }
  )

  it.prop([drawnBy("in")], { numRuns: 500 })("holds of a list where it holds of one in it", ([now, [asked, known]]) => {
    const each = [asked.value].flat().map((value): Rule => ({ ...asked, op: "eq", value }))
    assert.strictEqual(matches(asked, known, now), matches({ any: each }, known, now))
  })

  it.prop([drawnBy("between")], { numRuns: 500 })(
    "of a range holds between both ends, themselves included",
    ([now, [asked, known]]) => {
      if (values(asked, known).length > 1) return
      const [lowest = 0, highest = 0] = [asked.value].flat()
      const atLeast: Rule = { ...asked, op: "gte", value: lowest }
      const atMost: Rule = { ...asked, op: "lte", value: highest }
      assert.strictEqual(matches(asked, known, now), matches({ all: [atLeast, atMost] }, known, now))
    }
  )

  it.prop([drawnBy("lt")], { numRuns: 500 })("compares as numbers and moments are ordered", ([now, [asked, known]]) => {
    if (values(asked, known).length > 1) return
    const holds = (op: Clause["op"]) => matches({ ...asked, op }, known, now)
    assert.strictEqual(holds("lte"), holds("lt") || holds("eq"))
    assert.strictEqual(holds("gte"), holds("gt") || holds("eq"))
    assert.isAtMost([holds("lt"), holds("eq"), holds("gt")].filter(Boolean).length, 1)
  })
})

describe("text", () => {
  it("is compared as it is", () => {
    const zoe = facts({ profile: { firstName: "Zoë", lastName: "100%_x" } })
    assertHolds('profile.firstName = "Zoë"', zoe)
    assertFails('profile.firstName = "zoë"', zoe)
    assertFails('profile.firstName = "Zoe\u0308"', zoe)
    assertHolds('profile.lastName contains "%_"', zoe)
    assertFails('profile.lastName contains "_%"', zoe)
    assertHolds('profile.lastName startsWith "100"', zoe)
    assertFails('profile.lastName startsWith "00"', zoe)
    assertHolds('profile.lastName contains ""', zoe)
  })

  it("of an email is compared without regard to the capitals of ASCII", () => {
    assertHolds('email = "JANE.doe@EXAMPLE.com"', facts())
    assertHolds('email startsWith "JANE."', facts())
    assertHolds('email in ("x", "jane.DOE@example.com")', facts())
    assertFails('email contains "ſ"', facts())
  })
})

describe("a value that is missing", () => {
  it("meets no comparison, and every contrary", () => {
    assertFails('profile.gender = "male"', facts())
    assertHolds('profile.gender != "male"', facts())
    assertHolds('profile.gender not in ("male")', facts())
    assertFails("lastOrder within 36500 days", facts())
    assertHolds("lastOrder not within 1 day", facts())
    assertFails("profile.dateOfBirth dayOfYear within 366 days", facts())
    assertHolds("profile.phone missing", facts())
    assertFails("profile.phone exists", facts())
  })

  it("is not an empty text", () => {
    const nameless = facts({ profile: { firstName: "" } })
    assertHolds('profile.firstName exists and profile.firstName = ""', nameless)
    assertFails('profile.lastName exists or profile.lastName contains ""', nameless)
  })
})

describe("an attribute of the shop", () => {
  const known = facts({ profile: { data: { size: "42", shoe: 42, isMember: true } } })

  it("is compared with values of its own type alone", () => {
    assertHolds('profile.data.size = "42" and profile.data.shoe = 42 and profile.data.isMember = true', known)
    assertFails('profile.data.size = 42 or profile.data.shoe = "42" or profile.data.isMember = "true"', known)
    assertHolds("profile.data.shoe between 41.5 and 42", known)
    assertFails("profile.data.size >= 0 or profile.data.isMember >= 0", known)
    assertFails('profile.data.shoe contains "4"', known)
    assertHolds('profile.data.shoe in ("x", 42)', known)
  })

  it("is not what every object has", () => {
    assertHolds("profile.data.toString missing and preferences.custom.constructor missing", known)
  })
})

describe("a condition on addresses", () => {
  const known = facts({ addresses: [addressIn("DE", { company: "ACME" }), addressIn("AT")] })

  it("holds where any address meets it", () => {
    assertHolds('address.country = "DE" and address.country = "AT"', known)
    assertHolds("address.company exists", known)
    assertFails('address.country = "FR"', known)
  })

  it("with a contrary operator holds where none does", () => {
    assertFails('address.country != "DE"', known)
    assertHolds('address.country != "FR"', known)
    assertFails("address.company missing", known)
    assertHolds('address.country != "DE" and address.country missing', facts())
  })

  it("looks for each condition at all of them", () => {
    assertHolds('address.country = "AT" and address.company = "ACME"', known)
  })
})

describe("an amount", () => {
  it("is compared exactly", () => {
    assertHolds("orders.total = 0.3 and orders.total < 0.30000000000000004", spender("0.3"))
    assertHolds("orders.total >= 1000", spender("1000.0000"))
    assertFails("orders.total >= 1000", spender("999.9999"))
    assertHolds("orders.total < 1e15", spender("999999999999999.9999"))
  })
})

describe("membership of another segment", () => {
  it("is what the facts say, and no for every other", () => {
    const member = facts({}, { segments: new Set(["vip-customers"]) })
    assertHolds('segment("vip-customers") and not segment("newcomers")', member)
    assertHolds('segment("newcomers") = false', member)
    assertFails('segment("vip-customers") != true', member)
  })
})

describe("a closed account", () => {
  it("is the only one that is not open", () => {
    const statuses = ["active", "pending", "suspended", "inactive"] as const
    assert.deepStrictEqual(
      statuses.filter((status) => isOpen(facts({ status }))),
      ["active", "pending", "suspended"]
    )
  })
})
