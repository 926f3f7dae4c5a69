import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { DateTime } from "effect"
import type { Facts } from "../../src/segment/rule/Facts.ts"
import { compileRule } from "../../src/segment/rule/matches.ts"
import { nextFlip, timedClausesOf } from "../../src/segment/rule/nextFlip.ts"
import type { Clause, Operator, Rule } from "../../src/segment/rule/Rule.ts"
import { facts as someFacts } from "../../src/testing/factsArbitraries.ts"
import { clause, rule } from "../../src/testing/ruleArbitraries.ts"
import { ruleOf } from "./ruleScene.ts"
import { addressIn, at, atTurns, facts } from "./ruleVerdicts.ts"

const isTimed = (op: Operator): boolean => op === "withinLast" || op === "notWithinLast" || op === "dayOfYear"
const part = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })

const drawn = atTurns((now) => fc.tuple(rule(now), someFacts(now), part))
const drawnTimed = atTurns((now) => fc.tuple(clause(now, isTimed), someFacts(now), part))
const drawnDay = atTurns((now) =>
  fc.tuple(
    clause(now, (op) => op === "dayOfYear"),
    someFacts(now)
  )
)

const century = 100 * 365 * 86_400_000

const assertSteady = (asked: Rule, known: Facts, from: number, until: number, where: number): void => {
  const holds = compileRule(asked)
  const between = from + Math.floor((until - from) * where)
  for (const moment of [between, until - 1]) assert.strictEqual(holds(known, moment), holds(known, from))
}

const atOneValue = ({ field }: Clause): boolean => !field.startsWith("address.")

// So many days ahead there is always a day of the year.
const isAlways = ({ op, value }: Clause): boolean => op === "dayOfYear" && Number(value) >= 364

const flipText = (text: string, known: Facts, now: string): string | undefined => {
  const flip = nextFlip(ruleOf(text), known, at(now).epochMilliseconds)
  return flip === undefined ? undefined : DateTime.formatIso(DateTime.makeUnsafe(flip))
}

describe("the next moment at which time alone turns a rule", () => {
  it.prop([drawn], { numRuns: 1000 })("is not passed by a verdict that changes", ([now, [asked, known, where]]) => {
    const from = now.epochMilliseconds
    assertSteady(asked, known, from, nextFlip(asked, known, from) ?? from + century, where)
  })

  it.prop([drawnTimed], { numRuns: 2000 })(
    "turns a single condition, and nothing does before",
    ([now, [asked, known, where]]) => {
      const from = now.epochMilliseconds
      const flip = nextFlip(asked, known, from)
      assertSteady(asked, known, from, flip ?? from + century, where)
      if (flip === undefined || !atOneValue(asked) || isAlways(asked)) return
      const holds = compileRule(asked)
      assert.isAbove(flip, from)
      assert.strictEqual(holds(known, flip), !holds(known, from))
    }
  )

  it.prop([drawnDay], { numRuns: 200 })(
    "leads from one turn to the next, as each day of years would",
    ([now, [asked, known]]) => {
      if (isAlways(asked)) return
      const holds = compileRule(asked)
      let from = now.epochMilliseconds
      for (let turn = 0; turn < 8; turn++) {
        const flip = nextFlip(asked, known, from)
        if (flip === undefined) return
        assert.strictEqual(holds(known, flip - 1), holds(known, from))
        assert.strictEqual(holds(known, flip), !holds(known, from))
        from = flip
      }
    }
  )

  const ordered = facts({}, { lastOrderAt: at("2026-06-01T10:00:00.123Z") })

  it("is the millisecond with which a span of days is over", () => {
    assert.strictEqual(
      flipText("lastOrder within 30 days", ordered, "2026-06-15T12:00:00Z"),
      "2026-07-01T10:00:00.123Z"
    )
    assert.strictEqual(
      flipText("lastOrder not within 30 days", ordered, "2026-07-01T10:00:00.122Z"),
      "2026-07-01T10:00:00.123Z"
    )
  })

  it("is never, where the span is over, or nothing is timed or known", () => {
    assert.isUndefined(flipText("lastOrder within 30 days", ordered, "2026-07-01T10:00:00.123Z"))
    assert.isUndefined(flipText("lastOrder within 30 days", facts(), "2026-06-15T12:00:00Z"))
    assert.isUndefined(flipText('createdAt > "2030-01-01"', facts(), "2026-06-15T12:00:00Z"))
  })

  it("is the first of several conditions' and addresses'", () => {
    const addresses = [
      addressIn("DE", { createdAt: at("2026-06-03T00:00:00.000Z") }),
      addressIn("AT", { createdAt: at("2026-06-02T00:00:00.000Z") })
    ]
    const moved = facts({ addresses }, { lastOrderAt: at("2026-06-05T00:00:00.000Z") })
    assert.strictEqual(
      flipText("lastOrder within 30 days or not address.createdAt within 30 days", moved, "2026-06-15T12:00:00Z"),
      "2026-07-02T00:00:00.000Z"
    )
  })

  it("is for a day of the year when it comes near, and when it has passed", () => {
    const born = facts({ profile: { dateOfBirth: "1996-02-29" } })
    const nearby = "profile.dateOfBirth dayOfYear within 7 days"
    assert.strictEqual(flipText(nearby, born, "2027-01-01T00:00:00Z"), "2027-02-21T00:00:00.000Z")
    assert.strictEqual(flipText(nearby, born, "2027-02-21T00:00:00Z"), "2027-03-01T00:00:00.000Z")
    assert.strictEqual(flipText(nearby, born, "2028-01-01T00:00:00Z"), "2028-02-22T00:00:00.000Z")
    assert.strictEqual(flipText(nearby, born, "2028-02-22T00:00:00Z"), "2028-03-01T00:00:00.000Z")
  })
})

describe("the conditions that time alone can turn", () => {
  it("are those on spans and days of the year, wherever they stand", () => {
    const asked = ruleOf(
      'tier = "vip" and (createdAt within 30 days or not (lastOrder not within 7 days and createdAt > "2024-01-01"))'
    )
    assert.deepStrictEqual(
      timedClausesOf(asked).map(({ field, op }) => `${field} ${op}`),
      ["createdAt withinLast", "lastOrder notWithinLast"]
    )
  })
})
