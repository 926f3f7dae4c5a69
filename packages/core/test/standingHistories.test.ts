import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { DateTime, Result } from "effect"
import type { Change } from "../src/customer/Customer.ts"
import { figures as anyFigures } from "../src/testing/orderArbitraries.ts"
import { standingOverride } from "../src/testing/standingArbitraries.ts"
import {
  after,
  colleague,
  newcomer,
  registered,
  restated,
  reviewed,
  type Standing,
  tryOverride
} from "./standingScene.ts"

/** What a record says, without the fields that say nothing. */
const asText = (record: Partial<Standing["record"]>): unknown => JSON.parse(JSON.stringify(record))

/** Somebody to whom one thing after the other happened, each a few days after the one before. */
const histories = fc
  .array(
    fc.record({
      days: fc.integer({ min: 0, max: 20 }),
      happening: fc.oneof(
        anyFigures.map((given) => ({ _tag: "Figures" as const, given })),
        standingOverride(registered).map((request) => ({ _tag: "Override" as const, request })),
        fc.constant({ _tag: "Review" as const })
      )
    }),
    { maxLength: 8 }
  )
  .map((happenings) => {
    let now = registered
    let standing = newcomer()
    const changes: Array<readonly [Standing, Change]> = []
    for (const { days, happening } of happenings) {
      now = DateTime.add(now, { days })
      const change =
        happening._tag === "Figures"
          ? restated(standing, happening.given, now)
          : happening._tag === "Review"
            ? reviewed(standing, now)
            : Result.getOrElse(tryOverride(standing, happening.request, colleague(now)), () => undefined)
      if (change === undefined) continue
      changes.push([standing, change])
      standing = after(standing, change)
    }
    return { now, standing, changes }
  })

describe("whatever happened to a customer", () => {
  it.prop([histories])("her version grew by one for each change that can be seen, and by none else", ({ changes }) => {
    for (const [before, { customer, events, standing }] of changes) {
      const isSeen = customer !== before.customer
      assert.strictEqual(customer.version, before.customer.version + (isSeen ? 1 : 0))
      if (!isSeen) assert.deepStrictEqual(events, [])
      const { tier, segment } = before.customer.segment
      const isMoved = tier !== customer.segment.tier || segment !== customer.segment.segment
      assert.strictEqual(events.length > 0, isMoved)
      const words = (record: typeof standing) => [record?.tierOverride, record?.segmentOverride]
      const shown = [customer.segment, ...words(standing)]
      if (isSeen) assert.notDeepEqual(shown, [before.customer.segment, ...words(before.record)])
    }
  })

  it.prop([histories])("the history has every move of her tier", ({ changes }) => {
    for (const [before, { customer, tierChange }] of changes) {
      const [from, to] = [before.customer.segment.tier, customer.segment.tier]
      if (from === to) assert.isUndefined(tierChange)
      else assert.deepInclude(tierChange, { from, to })
    }
  })

  it.prop([histories, fc.integer({ min: 0, max: 60 })])(
    "a second look finds nothing to do",
    ({ now, standing }, days) => {
      const later = DateTime.add(now, { days })
      const once = after(standing, reviewed(standing, later))
      const twice = reviewed(once, later)
      assert.strictEqual(twice.customer, once.customer)
      assert.deepStrictEqual(twice.standing, once.record)
      assert.isUndefined(twice.audits)
    }
  )

  it.prop([histories, fc.integer({ min: 0, max: 60 * 24 })])(
    "time changes nothing before the moment at which she is to be looked at again",
    ({ now, standing }, hours) => {
      const { reviewAt } = standing.record
      const later = DateTime.add(now, { hours })
      const isDue = reviewAt !== undefined && DateTime.isGreaterThanOrEqualTo(later, reviewAt)
      const change = reviewed(standing, later)
      if (!isDue) {
        assert.strictEqual(change.customer, standing.customer)
        assert.deepEqual(asText({ ...change.standing, updatedAt: now }), asText({ ...standing.record, updatedAt: now }))
        assert.isUndefined(change.audits)
      } else {
        const isChanged = change.customer !== standing.customer || change.audits !== undefined
        assert.isTrue(isChanged, "she was to be looked at though nothing happens")
        const next = change.standing?.reviewAt
        assert.isTrue(next === undefined || DateTime.isGreaterThan(next, later))
      }
    }
  )
})
