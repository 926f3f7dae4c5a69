import { type Facts, isOpen, matches, type Rule } from "@customer-service/core"
import { Arbitraries, forAll } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import * as fc from "fast-check"
import { countAndSample } from "../src/previewSegment.ts"
import { databases, drawFacts, drawings, plantedPostgres, plantFacts, times } from "./support/plantedFacts.ts"

const fitting = (rule: Rule, facts: ReadonlyArray<Facts>, now: DateTime.Utc) =>
  facts.filter((known) => isOpen(known) && matches(rule, known, now)).map(({ customer }) => customer.id)

const sampleSize = 10

/** Previews as they are made of few customers, and as they are made of many. */
const previewing = Effect.fnUntraced(function* (rule: Rule, now: DateTime.Utc) {
  const sql = yield* SqlClient.SqlClient
  const limits = { patience: 60_000, sampleSize }
  return {
    ofFew: yield* countAndSample(sql, rule, now, limits),
    ofMany: yield* countAndSample(sql, rule, now, { ...limits, atOnce: 0 })
  }
})

/** Ties rules as deep as they are drawn to others, so that most have several conditions. */
const several = (now: DateTime.Utc): fc.Arbitrary<Rule> => {
  const parts = fc.array(fc.oneof(Arbitraries.rule(now), Arbitraries.clause(now)), {
    minLength: 2,
    maxLength: 6,
    size: "max"
  })
  return fc.oneof(
    parts.map((all): Rule => ({ all })),
    parts.map((any): Rule => ({ any })),
    Arbitraries.rule(now)
  )
}

for (const [name, database] of databases) {
  layer(database, { timeout: "60 seconds", excludeTestServices: true })(`previews on ${name}`, (it) => {
    for (const drawing of drawings(2, 20)) {
      it.effect(
        `count the open accounts that a rule fits, and name some of them (seed ${drawing})`,
        () =>
          Effect.gen(function* () {
            const { facts, now } = drawFacts(120, drawing)
            yield* plantFacts(facts)
            yield* forAll(several(now), times(30, 600), (rule) =>
              Effect.map(previewing(rule, now), ({ ofFew, ofMany }) => {
                const ids = fitting(rule, facts, now)
                assert.deepStrictEqual(ofFew, { count: ids.length, sample: ids.slice(0, sampleSize) })
                assert.strictEqual(ofMany.count, ids.length)
                assert.lengthOf(ofMany.sample, Math.min(ids.length, sampleSize))
                assert.includeMembers(ids, [...ofMany.sample])
                assert.deepStrictEqual(ofMany.sample, ofMany.sample.toSorted())
              })
            )
          }),
        600_000
      )
    }
  })
}

layer(plantedPostgres, { timeout: "60 seconds", excludeTestServices: true })("a preview on PostgreSQL", (it) => {
  it.effect("is given up where it takes longer than it may, and can be had again afterwards", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const now = yield* DateTime.now
      const preview = countAndSample(sql, { all: [] }, now, { patience: 200, sampleSize: 10 })
      const [locked, release] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const lock = Effect.andThen(sql`LOCK TABLE customers`, Deferred.succeed(locked, undefined))
      const holder = yield* Effect.forkChild(sql.withTransaction(Effect.andThen(lock, Deferred.await(release))))
      yield* Deferred.await(locked)
      assert.deepInclude(yield* Effect.flip(preview), { _tag: "PreviewTooSlow", seconds: 0.2 })
      yield* Deferred.succeed(release, undefined)
      yield* Fiber.join(holder)
      assert.deepStrictEqual(yield* preview, { count: 0, sample: [] })
    })
  )
})
