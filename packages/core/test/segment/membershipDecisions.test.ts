import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { DateTime } from "effect"
import { everything } from "../../src/segment/FormerFacts.ts"
import type { CustomerMemberships, MembershipChange } from "../../src/segment/Membership.ts"
import * as MembershipDecisions from "../../src/segment/MembershipDecisions.ts"
import type { Segment } from "../../src/segment/Segment.ts"
import { Arbitraries } from "../../src/testing/index.ts"
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

const review = (segments: ReadonlyArray<Segment>, state: CustomerMemberships, at = now) =>
  MembershipDecisions.review(segments, state, at)

const businesses = segment("businesses", 'type = "business"')
const vips = segment("vips", 'tier = "vip"')
const young = segment("young", "createdAt within 30 days")

describe("a review", () => {
  it("has a newcomer join where the rules put her, each with its reason", () => {
    const change = review([businesses, vips, young], { ...current(someone), reviewAt: now, change: everything })
    assert.deepStrictEqual(change.joins, [
      { segmentId: businesses.id, since: now, by: "rule" },
      { segmentId: young.id, since: now, by: "rule" }
    ])
    assert.deepStrictEqual([change.leaves, change.stays, change.made, change.over, change.audits], [[], [], [], [], []])
    assert.strictEqual(change.customer, someone)
    assert.deepStrictEqual(
      change.events.map((event) => [event.segment, event.from, event.to, event.version]),
      [
        ["businesses", "none", "member", 1],
        ["young", "none", "member", 1]
      ]
    )
    assert.deepStrictEqual(change.reviewAt, days(30))
  })

  it("says which clauses flipped", () => {
    const rich = segment("rich", 'tier = "vip" and orders.count >= 0')
    const change = review([vips, rich], became(current(someone), vip))
    assert.deepStrictEqual(told(change), [
      ["vips", "member", 1, 'tier = "vip" holds now (vip)'],
      ["rich", "member", 1, 'tier = "vip" holds now (vip)']
    ])
    const back = review(
      [vips],
      became(current({ ...someone, ...vip }, [belonging(vips)]), { segment: someone.segment })
    )
    assert.deepStrictEqual(back.leaves, [vips.id])
    assert.deepStrictEqual(told(back), [["vips", "none", 1, 'tier = "vip" holds no longer (regular)']])
  })

  it("looks at no segment that nothing concerns", () => {
    const misplaced = current(someone, [belonging(vips)])
    assert.deepStrictEqual(review([businesses, vips], misplaced).events, [])
    const address = { ...misplaced, reviewAt: now, change: { fields: ["address"], before: {} } }
    assert.deepStrictEqual(review([businesses, vips], address).events, [])
    const typed = { ...misplaced, reviewAt: now, change: { fields: ["type"], before: {} } }
    assert.deepStrictEqual(idsOf(review([businesses, vips], typed).joins), [businesses.id])
  })

  it("has her leave when time says so, and not a moment before", () => {
    const state = { ...current(someone, [belonging(young)]), reviewAt: days(30) }
    const early = review([young], state, days(30, -1))
    assert.deepStrictEqual([early.events, early.reviewAt], [[], days(30)])
    const change = review([young], state, days(30))
    assert.deepStrictEqual(change.leaves, [young.id])
    assert.deepStrictEqual(told(change), [["young", "none", 1, "createdAt within 30 days holds no longer"]])
    assert.isUndefined(change.reviewAt)
    const late = review([young], state, days(90))
    assert.deepStrictEqual(told(late), told(change))
  })

  it("follows a move into the segments that ask for it", () => {
    const friends = segment("friends", 'segment("vips") or type = "individual"')
    const others = segment("others", 'not segment("friends")')
    const state = became(current(someone, [belonging(others)]), vip)
    const change = review([others, friends, vips], state)
    assert.deepStrictEqual(told(change), [
      ["vips", "member", 1, 'tier = "vip" holds now (vip)'],
      ["friends", "member", 1, 'segment("vips") holds now'],
      ["others", "none", 1, 'segment("friends") holds now']
    ])
  })

  it("has nobody in a segment that is switched off, whatever was said", () => {
    const off = { ...byHand("off"), inForce: { ...businesses.inForce, isActive: false } }
    const state = current(someone, [], [said(off, true)])
    assert.deepStrictEqual(review([off], { ...state, reviewAt: now, change: everything }).joins, [])
  })

  it("has a closed account leave everything, and says so", () => {
    const manual = byHand("manual")
    const state = current(someone, [belonging(businesses), belonging(manual, "hand")], [said(manual, true)])
    const change = review([businesses, manual, young], became(state, { status: "inactive" }))
    assert.sameMembers([...change.leaves], [businesses.id, manual.id])
    assert.deepStrictEqual(
      change.events.map(({ reason }) => reason),
      ["the account is closed", "the account is closed"]
    )
    assert.deepStrictEqual(change.over, [])
    const open = review(
      [businesses, manual],
      became({ ...state, customer: { ...someone, status: "inactive" }, memberships: new Map() }, { status: "active" })
    )
    assert.deepStrictEqual(
      open.joins.map(({ by, segmentId }) => [segmentId, by]),
      [
        [businesses.id, "rule"],
        [manual.id, "hand"]
      ]
    )
  })

  it("ends an exception whose time is over, and has the rule decide again", () => {
    const exceptions = [said(vips, true, { expiresAt: days(1) }), said(businesses, false, { expiresAt: days(2) })]
    const state = { ...current(someone, [belonging(vips, "hand")], exceptions), reviewAt: days(1) }
    assert.deepStrictEqual(review([businesses, vips], state, days(1, -1)).over, [])
    const change = review([businesses, vips], state, days(1))
    assert.deepStrictEqual([change.over, change.leaves, change.joins], [[vips.id], [vips.id], []])
    assert.deepStrictEqual(told(change), [["vips", "none", 1, "what was done by hand holds no longer"]])
    assert.deepStrictEqual(change.audits, [
      {
        action: "membership_exception_ended",
        actorKind: "service",
        actor: "time",
        membership: { segment: "vips" },
        at: days(1)
      }
    ])
    assert.deepStrictEqual(change.reviewAt, days(2))
  })

  it("has a membership go on by the rule where an exception ends that changed nothing", () => {
    const exception = said(businesses, true, { expiresAt: days(1) })
    const state = { ...current(someone, [belonging(businesses, "hand")], [exception]), reviewAt: days(1) }
    const change = review([businesses], state, days(1))
    assert.deepStrictEqual(change.stays, [belonging(businesses, "rule")])
    assert.deepStrictEqual([change.events, change.joins, change.leaves], [[], [], []])
  })
})

/** What a change makes of somebody's memberships. */
const after = (
  state: CustomerMemberships,
  { joins, leaves, reviewAt, stays }: MembershipChange
): CustomerMemberships => {
  const memberships = new Map(state.memberships)
  for (const id of leaves) memberships.delete(id)
  for (const membership of [...joins, ...stays]) memberships.set(membership.segmentId, membership)
  return { ...state, memberships, reviewAt, change: undefined }
}

describe("whatever the rules", () => {
  const named = fc.array(Arbitraries.rule(now), { minLength: 1, maxLength: 4 }).map((rules) =>
    rules.map((rule, place) => {
      const made = segment(`s${place}`, "tier exists")
      return { ...made, inForce: { ...made.inForce, rule } }
    })
  )

  it.prop([named, Arbitraries.facts(now), fc.nat(40 * 24)])(
    "time moves nobody before the moment at which she is to be looked at again",
    (segments, { customer, lastOrderAt }, hours) => {
      const newcomer = { ...current(customer), lastOrderAt, reviewAt: now, change: everything }
      const state = after(newcomer, review(segments, newcomer))
      const later = DateTime.add(now, { hours })
      const asked = review(segments, { ...state, reviewAt: later, change: everything }, later)
      const isDue = state.reviewAt !== undefined && DateTime.isLessThanOrEqualTo(state.reviewAt, later)
      if (!isDue) assert.deepStrictEqual(asked.events, [])
      const looked = review(segments, state, later)
      assert.deepStrictEqual([looked.joins, looked.leaves], [asked.joins, asked.leaves])
      assert.isTrue(looked.reviewAt === undefined || DateTime.isGreaterThan(looked.reviewAt, later))
    }
  )
})
