import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { BigDecimal, DateTime, Option, Schema } from "effect"
import { Customer } from "../../src/customer/Customer.ts"
import { applyChange } from "../../src/segment/rule/applyChange.ts"
import type { Facts } from "../../src/segment/rule/Facts.ts"
import { isOpen, matches } from "../../src/segment/rule/matches.ts"
import type { RuleChange } from "../../src/segment/rule/RuleChange.ts"
import { type Clause, clausesOf, type Rule, type Scalar } from "../../src/segment/rule/Rule.ts"
import { fieldOf, type FieldValue } from "../../src/segment/rule/ruleFields.ts"
import { whatWouldChange } from "../../src/segment/rule/whatWouldChange.ts"
import { averageOf } from "../../src/segment/Tier.ts"
import { Arbitraries } from "../../src/testing/index.ts"
import { address, daysAgo, now, ruleOf, somebody } from "./ruleScene.ts"
import { atTurns } from "./ruleVerdicts.ts"

const readCustomer = Schema.decodeUnknownOption(Schema.toType(Customer), { onExcessProperty: "error" })

const open = (moment: DateTime.Utc) => Arbitraries.facts(moment).filter(isOpen)
const drawn = atTurns((moment) => fc.tuple(Arbitraries.rule(moment), open(moment)))

const fieldsSet = ({ set }: RuleChange): ReadonlyArray<string> => set.map(({ field }) => field)

/** Beyond what the schema of customers looks at: figures of orders that fit together, nothing that is to come. */
const assertPossible = (before: Facts, change: RuleChange, after: Facts, at: DateTime.Utc): void => {
  const { customer, lastOrderAt } = after
  const { orderCount, totalSpent } = customer.segment
  assert.isTrue(Option.isSome(readCustomer(customer)))
  assert.deepStrictEqual(customer.createdAt, before.customer.createdAt)
  assert.isAtMost(customer.addresses.length, Math.max(10, before.customer.addresses.length))
  const fields = fieldsSet(change)
  if (fields.includes("lastOrder") && lastOrderAt !== undefined) {
    assert.isTrue(DateTime.isLessThanOrEqualTo(lastOrderAt, at))
  }
  if (fields.includes("profile.dateOfBirth")) {
    assert.isAtMost(Number((customer.profile.dateOfBirth ?? "").slice(0, 4)), DateTime.getPartUtc(at, "year"))
  }
  if (!fields.some((field) => field === "lastOrder" || field.startsWith("orders."))) return
  if (fields.some((field) => field.startsWith("orders."))) {
    assert.isTrue(BigDecimal.equals(customer.segment.averageOrderValue, averageOf(customer.segment)))
  }
  assert.strictEqual(orderCount === 0, lastOrderAt === undefined)
  assert.isTrue(orderCount > 0 || BigDecimal.isZero(totalSpent))
  assert.isAtLeast(orderCount, 0)
}

describe("a change that is named", () => {
  it.prop([drawn], { numRuns: 3000 })(
    "turns the verdict once it is applied, and is one that somebody's data can have",
    ([moment, [rule, facts]]) => {
      const change = whatWouldChange(rule, facts, moment)
      if (change === undefined) return
      const after = applyChange(facts, moment, change)
      assert.strictEqual(matches(rule, after.facts, after.now), !matches(rule, facts, moment))
      assert.isTrue(DateTime.isGreaterThanOrEqualTo(after.now, moment))
      assertPossible(facts, change, after.facts, after.now)
      assert.notStrictEqual(change.english, "")
    }
  )

  it.prop([drawn], { numRuns: 500 })("is no larger than it has to be", ([moment, [rule, facts]]) => {
    const change = whatWouldChange(rule, facts, moment)
    // What is said of orders, or of addresses, hangs together.
    if (change === undefined || change.set.some(({ field }) => /^(orders\.|lastOrder)/.test(field))) return
    for (const left of change.set) {
      const smaller = { ...change, set: change.set.filter((one) => one !== left) }
      const after = applyChange(facts, moment, smaller)
      assert.strictEqual(matches(rule, after.facts, after.now), matches(rule, facts, moment))
    }
  })
})

const wire = (value: FieldValue | undefined, isMoment: boolean): Scalar | null => {
  if (value === undefined) return null
  if (BigDecimal.isBigDecimal(value)) return BigDecimal.toNumberUnsafe(value)
  return typeof value === "number" && isMoment ? DateTime.formatIso(DateTime.makeUnsafe(value)) : value
}

/** Whether another one's value of the field would turn a clause. */
const isTurnedBy = (clause: Clause, facts: Facts, other: Facts, moment: DateTime.Utc): boolean => {
  const field = fieldOf(clause.field)
  const to = wire(field?.read(other)[0], field?.type === "instant")
  const { facts: after } = applyChange(facts, moment, { set: [{ field: clause.field, to }] })
  return matches(clause, after, moment) !== matches(clause, facts, moment)
}

/** Whether another one's addresses would turn a clause. */
const isTurnedByBook = (clause: Clause, facts: Facts, other: Facts, moment: DateTime.Utc): boolean => {
  const after = { ...facts, customer: { ...facts.customer, addresses: other.customer.addresses } }
  return matches(clause, after, moment) !== matches(clause, facts, moment)
}

// More orders than this the store cannot count: there can be no later one.
const isFull = ({ customer }: Facts): boolean => customer.segment.orderCount === 2_147_483_647

const mayTurn = ([moment, [clause, facts, others]]: Drawn): boolean => {
  if (/^(createdAt|address\.(createdAt|updatedAt))$/.test(clause.field)) return false
  if (clause.field === "lastOrder" && isFull(facts)) return false
  const turn = clause.field.startsWith("address.") ? isTurnedByBook : isTurnedBy
  return others.some((other) => turn(clause, facts, other, moment))
}

const drawnClause = atTurns((moment) =>
  fc.tuple(Arbitraries.clause(moment), open(moment), fc.array(open(moment), { minLength: 8, maxLength: 8 }))
)
type Drawn = typeof drawnClause extends fc.Arbitrary<infer A> ? A : never

describe("a change of one field", () => {
  it.prop([drawnClause], { numRuns: 2000 })("is named wherever another one's value would do", (asked) => {
    const [moment, [clause, facts]] = asked
    if (mayTurn(asked)) assert.isDefined(whatWouldChange(clause, facts, moment), JSON.stringify(clause))
  })

  it("is named for two of three rules that are drawn at random", () => {
    const moment = now
    const rules = fc
      .sample(Arbitraries.rule(moment), { numRuns: 600, seed: 1 })
      .filter((rule) => clausesOf(rule).length > 0)
    const people = fc.sample(open(moment), { numRuns: rules.length, seed: 2 })
    const named = rules.filter((rule, place) => {
      const [facts] = people.slice(place)
      return facts !== undefined && whatWouldChange(rule, facts, moment) !== undefined
    })
    assert.isAbove(named.length / rules.length, 0.6)
  })
})

describe("a large rule", () => {
  const hundredAndFifty = (clauseOf: (place: number) => string): ReadonlyArray<Rule> =>
    Array.from({ length: 150 }, (_, place) => ruleOf(clauseOf(place)))
  const facts = somebody({ orders: 3, addresses: [address("US", "Rome")], addedAt: daysAgo(3) })

  it.each([
    ["on orders", (place: number) => `orders.average > ${place} and orders.count > ${place % 40}`],
    ["on addresses", (place: number) => `address.city = "Town ${place}" and address.country = "DE"`],
    ["on texts", (place: number) => `profile.firstName contains "${place}" or email startsWith "x${place}@"`],
    [
      "on dates",
      (place: number) => `profile.dateOfBirth dayOfYear within ${place} days or createdAt within ${place + 1} days`
    ]
  ])("%s is given up, or turned, after a bounded effort", (_, clauseOf) => {
    for (const rule of [{ all: hundredAndFifty(clauseOf) }, { any: hundredAndFifty(clauseOf) }]) {
      const change = whatWouldChange(rule, facts, now)
      if (change === undefined) continue
      const after = applyChange(facts, now, change)
      assert.strictEqual(matches(rule, after.facts, after.now), !matches(rule, facts, now))
    }
  })
})

describe("a change that is applied", () => {
  it("leaves all as it is where nobody's data can be like that", () => {
    const facts = somebody()
    const impossible = [
      { field: "createdAt", to: "2020-01-01T00:00:00Z" },
      { field: "orders.average", to: 5 },
      { field: "orders.count", to: -1 },
      { field: "orders.total", to: 0.001 },
      { field: "lastOrder", to: "2030-01-01T00:00:00Z" },
      { field: "profile.dateOfBirth", to: "2030-01-01" },
      { field: "profile.data.constructor", to: 1 },
      { field: "status", to: "pending" },
      { field: "preferences.language", to: null }
    ]
    for (const change of impossible) assert.deepStrictEqual(applyChange(facts, now, { set: [change] }), { facts, now })
  })

  it("brings the average with the number and the total of orders", () => {
    const { facts } = applyChange(somebody({ orders: 3, spent: "100" }), now, {
      set: [
        { field: "orders.count", to: 4 },
        { field: "orders.total", to: 130 }
      ]
    })
    assert.strictEqual(BigDecimal.format(facts.customer.segment.averageOrderValue), "32.5")
  })
})
