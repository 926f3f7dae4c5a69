import {
  attributeIn,
  type Clause,
  clausesOf,
  comesRoundWithin,
  fieldOf,
  isAll,
  isAny,
  isNot,
  membershipField,
  type Rule,
  segmentIn
} from "@customer-service/core"
import { Arbitraries, forAll } from "@customer-service/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { birthdayWindows } from "../src/birthdayWindows.ts"
import { compileRuleSql } from "../src/ruleSql.ts"
import { nextFlipSql } from "../src/ruleSqlFlips.ts"

const now = DateTime.makeUnsafe("2026-11-25T10:11:12.345Z")

const hostile = ["'; DROP TABLE customers;--", "\\'; --", "$1", '"', "$$", "/*", "%", "{}", "NULL", "\u0085)"]

const hostileText = (index: number): string => hostile[index % hostile.length] ?? ""

/** A field of the same kind under another name, where a name is the shop's own. */
const renamed = (field: string): string => {
  const attribute = attributeIn(field)
  if (attribute !== undefined && attribute.key !== "avatar") {
    return field.slice(0, -attribute.key.length) + "select--from.customers_x"
  }
  return segmentIn(field) === undefined ? field : membershipField("drop-table-customers")
}

const disguised = ({ field, op, value }: Clause): Clause => {
  const type = fieldOf(field)?.type
  const isFree = type === "text" || type === "attribute"
  const other = (operand: unknown, index: number) =>
    typeof operand === "string" && isFree ? hostileText(index) : typeof operand === "number" ? index + 3 : operand
  const values = [value].flat().map(other)
  return { field: renamed(field), op, value: Array.isArray(value) ? values : values[0] } as Clause
}

const withOthers = (rule: Rule): Rule => {
  if (isAll(rule)) return { all: rule.all.map(withOthers) }
  if (isAny(rule)) return { any: rule.any.map(withOthers) }
  return isNot(rule) ? { not: withOthers(rule.not) } : disguised(rule)
}

describe("the text of a rule's statement", () => {
  it.effect("is the same whatever its operands, keys and segments' names are", () =>
    forAll(Arbitraries.rule(now), 2000, (rule) =>
      Effect.sync(() => {
        const other = withOthers(rule)
        assert.strictEqual(compileRuleSql(other, now).text, compileRuleSql(rule, now).text)
        assert.strictEqual(nextFlipSql(other, now).text, nextFlipSql(rule, now).text)
      })
    )
  )

  it.effect("is made of what is ours alone", () =>
    forAll(Arbitraries.rule(now), 2000, (rule) =>
      Effect.sync(() => {
        const written = `${compileRuleSql(rule, now).text} ${nextFlipSql(rule, now).text}`
        assert.match(
          written.replaceAll(/'(?:number|string|avatar|UTC|24 hours)'|"C"/g, ""),
          /^[A-Za-z0-9_ \n().,:<>=@?^$+*[\]-]*$/
        )
        assert.notMatch(written, /--|\/\*/)
      })
    )
  )

  it("numbers its parameters from where it is told, each once", () => {
    const rule: Rule = {
      all: [
        { field: "email", op: "eq", value: "a@b.de" },
        { field: "lastOrder", op: "withinLast", value: 30 }
      ]
    }
    const { parameters, text } = compileRuleSql(rule, now, { firstParameter: 8 })
    assert.deepStrictEqual(parameters, ["a@b.de", "2026-10-26T10:11:12.345Z"])
    assert.strictEqual(text, `(lower(c.email) COLLATE "C" = $8::text AND m.last_order_at > $9::timestamptz)`)
    assert.lengthOf(clausesOf(rule), parameters.length)
  })
})

const years = ["1996", "1999"].map((year) => DateTime.makeUnsafe(`${year}-01-01`))

const everyDay = years.flatMap((first) =>
  Array.from({ length: 366 }, (_, day) => DateTime.formatIsoDateUtc(DateTime.add(first, { days: day })))
)

const dayOf = (date: string): number => Number(date.slice(5, 7)) * 100 + Number(date.slice(8))

describe("the days of the year that come round", () => {
  it.effect("are those that come round in memory, of every year", () =>
    forAll(Arbitraries.ruleMoment, 40, (moment) =>
      Effect.sync(() => {
        for (const days of [0, 1, 7, 59, 60, 306, 364, 365, 366]) {
          const windows = birthdayWindows(days, moment.epochMilliseconds)
          const inWindow = (date: string) => windows.some(([from, to]) => dayOf(date) >= from && dayOf(date) <= to)
          assert.deepStrictEqual(
            everyDay.filter(inWindow),
            everyDay.filter((date) => comesRoundWithin(date, days, moment.epochMilliseconds))
          )
        }
      })
    )
  )
})
