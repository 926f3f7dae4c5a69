import { assert, describe, it } from "@effect/vitest"
import { type DateTime, Result } from "effect"
import type { CustomerMemberships } from "../../src/segment/Membership.ts"
import * as MembershipDecisions from "../../src/segment/MembershipDecisions.ts"
import type { MembershipWord } from "../../src/segment/MembershipWord.ts"
import type { Segment } from "../../src/segment/Segment.ts"
import { circumstances } from "../../src/testing/index.ts"
import {
  became,
  belonging,
  byHand,
  current,
  days,
  idsOf,
  now,
  said,
  segment,
  someone,
  told,
  vip
} from "./segmentScene.ts"

const businesses = segment("businesses", 'type = "business"')
const vips = segment("vips", 'tier = "vip"')

const colleague = (at: DateTime.Utc, expectedVersion?: number) => ({
  actor: { kind: "staff" as const, subject: "support-7", scopes: new Set(["customers:admin"]) },
  now: at,
  expectedVersion
})

const except = (
  segments: ReadonlyArray<Segment>,
  state: CustomerMemberships,
  which: Segment,
  word: Partial<MembershipWord>,
  expectedVersion?: number
) => {
  const whole = { member: true, reason: "agreed with her", ...word }
  return MembershipDecisions.except(segments, state, which.id, whole, colleague(now, expectedVersion))
}

const excepted = (...given: Parameters<typeof except>) => Result.getOrThrow(except(...given))

describe("a colleague's word", () => {
  it("stands in the place of the rule, under another version of the customer, with its audit", () => {
    const change = excepted([vips], current(someone), vips, { expiresAt: days(3) })
    assert.deepStrictEqual(change.made, [
      { segmentId: vips.id, member: true, reason: "agreed with her", by: "support-7", at: now, expiresAt: days(3) }
    ])
    assert.deepStrictEqual(change.joins, [{ segmentId: vips.id, since: now, by: "hand" }])
    assert.deepStrictEqual(change.customer, { ...someone, version: 2, updatedAt: now })
    assert.deepStrictEqual(told(change), [["vips", "member", undefined, "agreed with her"]])
    assert.strictEqual(change.events[0]?.version, 2)
    assert.deepStrictEqual(change.audits, [
      {
        action: "membership_excepted",
        actorKind: "staff",
        actor: "support-7",
        reason: "agreed with her",
        membership: { segment: "vips", to: "member", until: days(3) },
        at: now
      }
    ])
    assert.deepStrictEqual(change.reviewAt, days(3))
  })

  it("has a member by rule stay by hand", () => {
    const change = excepted([businesses], current(someone, [belonging(businesses)]), businesses, {})
    assert.deepStrictEqual([change.events, change.stays], [[], [belonging(businesses, "hand")]])
  })

  it("has her leave, and join again when it is ended", () => {
    const out = excepted([businesses], current(someone, [belonging(businesses)]), businesses, { member: false })
    assert.deepStrictEqual(told(out), [["businesses", "none", undefined, "agreed with her"]])
    const state = current(someone, [], [said(businesses, false)])
    const back = excepted([businesses], state, businesses, { member: null, reason: "a mistake" })
    assert.deepStrictEqual([back.made, back.over], [[], [businesses.id]])
    assert.deepStrictEqual(told(back), [["businesses", "member", 1, "what was done by hand holds no longer"]])
    assert.deepStrictEqual(
      back.audits.map(({ action, reason }) => [action, reason]),
      [["membership_exception_ended", "a mistake"]]
    )
  })

  it("that ends what nobody said leaves her as she is", () => {
    const change = excepted([vips], current(someone), vips, { member: null })
    assert.strictEqual(change.customer, someone)
    assert.deepStrictEqual([change.audits, change.over, change.events], [[], [], []])
    const over = current(someone, [belonging(vips, "hand")], [said(vips, true, { expiresAt: circumstances(-1).now })])
    const ended = excepted([vips], over, vips, { member: null })
    assert.strictEqual(ended.customer, someone)
    assert.deepStrictEqual([ended.over, ended.leaves], [[vips.id], [vips.id]])
    assert.deepStrictEqual(
      ended.audits.map(({ actor }) => actor),
      ["time"]
    )
  })

  it("replaces one that was said before, also one whose time is over", () => {
    const past = said(vips, true, { expiresAt: circumstances(-1).now })
    const change = excepted([vips], current(someone, [belonging(vips, "hand")], [past]), vips, { member: false })
    assert.deepStrictEqual([idsOf(change.made), change.over, change.leaves], [[vips.id], [], [vips.id]])
  })

  it("looks at a change with it that was still to be looked at, and at others' exceptions that are over", () => {
    const manual = byHand("manual")
    const over = said(businesses, false, { expiresAt: circumstances(-1).now })
    const state = became(current(someone, [], [over]), vip)
    const change = excepted([businesses, manual, vips], state, manual, {})
    assert.sameMembers(idsOf(change.joins), [businesses.id, manual.id, vips.id])
    assert.deepStrictEqual(change.over, [businesses.id])
  })

  it("is refused for a closed account, of another version, and where its time is over", () => {
    const failureOf = (result: ReturnType<typeof except>) => (Result.isFailure(result) ? result.failure._tag : "none")
    const closed = current({ ...someone, status: "inactive" })
    assert.strictEqual(failureOf(except([vips], closed, vips, {})), "CustomerNotFound")
    assert.strictEqual(failureOf(except([vips], current(someone), vips, {}, 7)), "VersionConflict")
    assert.strictEqual(failureOf(except([vips], current(someone), vips, {}, 1)), "none")
    assert.strictEqual(failureOf(except([vips], current(someone), vips, { expiresAt: now })), "InvalidInput")
    const until = { member: null, expiresAt: days(1) }
    assert.strictEqual(failureOf(except([vips], current(someone), vips, until)), "InvalidInput")
  })
})
