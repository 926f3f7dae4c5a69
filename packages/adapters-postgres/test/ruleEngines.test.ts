import { type Facts, matches, nextFlip, type Rule } from "@customer-service/core"
import { Arbitraries, forAll } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { type DateTime, Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as fc from "fast-check"
import { compileRuleSql } from "../src/ruleSql.ts"
import { customersWith } from "../src/ruleSqlColumns.ts"
import { nextFlipSql } from "../src/ruleSqlFlips.ts"
import { databases, drawFacts, drawings, plantFacts, times } from "./support/plantedFacts.ts"

/** What an operator may have set, and what makes for other plans. */
const settings: ReadonlyArray<Readonly<Record<string, string>>> = [
  {},
  { TimeZone: "America/St_Johns", DateStyle: "German, DMY", standard_conforming_strings: "off" },
  { TimeZone: "Pacific/Apia", DateStyle: "SQL, MDY", IntervalStyle: "sql_standard", backslash_quote: "on" },
  { enable_hashjoin: "off", enable_seqscan: "off", TimeZone: "Asia/Kolkata" },
  { enable_nestloop: "off", enable_indexscan: "off", enable_bitmapscan: "off", extra_float_digits: "-15" }
]

type Verdicts = ReadonlyArray<{ readonly members: ReadonlyArray<string>; readonly flips: ReadonlyArray<string> }>

const byTest = (rules: ReadonlyArray<Rule>, facts: ReadonlyArray<Facts>, now: DateTime.Utc): Verdicts =>
  rules.map((rule) => ({
    members: facts.filter((known) => matches(rule, known, now)).map(({ customer }) => customer.id),
    flips: facts.flatMap((known) => {
      const flip = nextFlip(rule, known, now.epochMilliseconds)
      return flip === undefined ? [] : [`${known.customer.id} ${flip}`]
    })
  }))

interface Found {
  readonly kind: "member" | "flip"
  readonly rule: number
  readonly id: string
  readonly flip: number | null
}

/** One statement that asks every rule whom it fits, and when a clause of it flips for whom. */
const statementOf = (rules: ReadonlyArray<Rule>, now: DateTime.Utc) => {
  const parameters: Array<unknown> = []
  const selects = rules.flatMap((rule, place) => {
    const members = compileRuleSql(rule, now, { firstParameter: parameters.length + 1 })
    parameters.push(...members.parameters)
    const flips = nextFlipSql(rule, now, { firstParameter: parameters.length + 1 })
    parameters.push(...flips.parameters)
    return [
      `SELECT 'member' AS kind, ${place} AS rule, c.id, NULL::float8 AS flip
        FROM ${customersWith(members.tables)} WHERE ${members.text}`,
      `SELECT 'flip', ${place}, c.id, extract(epoch FROM ${flips.text})::numeric * 1000
        FROM ${customersWith(flips.tables)} WHERE ${flips.text} IS NOT NULL`
    ]
  })
  return { text: selects.join(" UNION ALL "), parameters }
}

const bySql = Effect.fnUntraced(function* (
  rules: ReadonlyArray<Rule>,
  now: DateTime.Utc,
  set: Readonly<Record<string, string>>
) {
  const sql = yield* SqlClient.SqlClient
  const { parameters, text } = statementOf(rules, now)
  const ask = Effect.gen(function* () {
    for (const [name, value] of Object.entries(set)) yield* sql`SELECT set_config(${name}, ${value}, true)`
    return yield* sql.unsafe<Found>(text, parameters).unprepared
  })
  const found = yield* sql.withTransaction(ask)
  return rules.map((_, place) => {
    const those = found.filter(({ rule }) => rule === place)
    return {
      members: those.flatMap(({ id, kind }) => (kind === "member" ? [id] : [])).sort(),
      flips: those.flatMap(({ flip, id, kind }) => (kind === "flip" ? [`${id} ${flip}`] : [])).sort()
    }
  })
})

/** What is seldom drawn: days that span no time any more, and the avatar, which is no attribute. */
const edges: ReadonlyArray<Rule> = [
  ...(["withinLast", "notWithinLast"] as const).map((op) => ({ field: "profile.dateOfBirth", op, value: 36_500 })),
  { field: "profile.dateOfBirth", op: "gt", value: "9998-12-31" },
  { field: "profile.dateOfBirth", op: "dayOfYear", value: 40 },
  ...[true, false].map((value) => ({ field: "profile.data.avatar", op: "exists", value }) as const),
  ...(["eq", "ne", "contains", "startsWith"] as const).map((op) => ({
    field: "profile.data.avatar",
    op,
    value: "https://example.com/a.png"
  })),
  { not: { field: "profile.data.avatar", op: "in", value: ["https://example.com/a.png"] } },
  { field: "profile.avatar", op: "startsWith", value: "https://example.com" },
  { all: [] },
  { any: [] },
  { not: { any: [] } }
]

const withEdges = (known: Facts, place: number): Facts => {
  const dateOfBirth = place % 2 === 0 ? "9999-12-31" : "9998-12-31"
  const profile = { ...known.customer.profile, dateOfBirth, avatar: "https://example.com/a.png" }
  return { ...known, customer: { ...known.customer, profile } }
}

/** How many customers a set has, and how many rules a statement asks. */
const [customers, rulesTogether] = [100, 25]

for (const [name, database] of databases) {
  layer(database, { timeout: "60 seconds", excludeTestServices: true })(`rules in SQL on ${name}`, (it) => {
    for (const drawing of drawings(3, 60)) {
      it.effect(
        `fit the same customers as in memory, and flip at the same moments (seed ${drawing})`,
        () =>
          Effect.gen(function* () {
            const { facts, now } = drawFacts(customers, drawing)
            yield* plantFacts(facts)
            const rules = fc.array(Arbitraries.rule(now), { minLength: rulesTogether, maxLength: rulesTogether })
            const asked = fc.tuple(rules, fc.constantFrom(...settings))
            yield* forAll(asked, times(12, 150), ([drawn, set]) =>
              Effect.map(bySql(drawn, now, set), (found) => assert.deepStrictEqual(found, byTest(drawn, facts, now)))
            )
          }),
        600_000
      )
    }

    it.effect("fit the same customers as in memory at the edges of what a field may hold", () =>
      Effect.gen(function* () {
        const { facts, now } = drawFacts(6, 1)
        const edgy = facts.map(withEdges)
        yield* plantFacts(edgy)
        assert.deepStrictEqual(yield* bySql(edges, now, {}), byTest(edges, edgy, now))
      })
    )
  })
}
