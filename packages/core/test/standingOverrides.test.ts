import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import {
  after,
  colleague,
  daysLater,
  newcomer,
  overridden,
  registered,
  reviewed,
  shown,
  type Standing,
  told,
  tryOverride
} from "./standingScene.ts"

const reason = "Agreed with the key account team"

describe("a colleague's word", () => {
  it("stands in the place of a tier, with its reason and name", () => {
    const expiresAt = daysLater(10)
    const change = overridden(newcomer(), { tier: "vip", reason, expiresAt }, daysLater(2))
    assert.deepStrictEqual(shown(change), ["vip", "vip"])
    assert.deepStrictEqual(told(change), [
      ["tier", "regular", "vip", reason],
      ["label", "new_customer", "vip", "tier is vip"]
    ])
    const by = "support-7"
    assert.deepStrictEqual(change.standing?.tierOverride, { value: "vip", reason, by, at: daysLater(2), expiresAt })
    const at = daysLater(2)
    assert.deepStrictEqual(change.tierChange, {
      from: "regular",
      to: "vip",
      cause: "override",
      reason,
      by,
      achievedAt: at,
      at
    })
    assert.deepStrictEqual(change.audits, [{ action: "tier_overridden", actorKind: "staff", actor: by, reason, at }])
  })

  it("stands in the place of a label, for good where no end is given", () => {
    const change = overridden(newcomer(), { segment: "wholesale", reason }, daysLater(2))
    assert.deepStrictEqual(shown(change), ["regular", "wholesale"])
    assert.deepStrictEqual(told(change), [["label", "new_customer", "wholesale", reason]])
    assert.isUndefined(change.tierChange)
    assert.isUndefined(change.standing?.reviewAt)
    assert.deepInclude(change.audits?.[0], { action: "segment_overridden", reason })
  })

  it("that says what the rules say anyway is kept and audited, and is a version that moves nobody", () => {
    const someone = newcomer()
    const change = overridden(someone, { tier: "regular", reason }, daysLater(2))
    assert.deepStrictEqual(change.customer.segment, someone.customer.segment)
    assert.strictEqual(change.customer.version, someone.customer.version + 1)
    assert.deepStrictEqual(change.events, [])
    assert.strictEqual(change.standing?.tierOverride?.value, "regular")
    assert.lengthOf(change.audits ?? [], 1)
  })

  it("that is said again with another reason is another version: nobody overwrites it unseen", () => {
    const someone = newcomer()
    const vip = after(someone, overridden(someone, { tier: "vip", reason: "one" }, daysLater(1)))
    const again = overridden(vip, { tier: "vip", reason: "another" }, daysLater(2))
    assert.strictEqual(again.customer.version, vip.customer.version + 1)
  })

  it("that ends what was never said changes nothing, and is not audited", () => {
    const someone = newcomer()
    const change = overridden(someone, { tier: null, segment: null, reason }, daysLater(1))
    assert.strictEqual(change.customer, someone.customer)
    assert.isUndefined(change.audits)
    assert.isUndefined(change.standing)
  })

  it("leaves what it does not name", () => {
    const someone = newcomer()
    const vip = after(someone, overridden(someone, { tier: "vip", reason: "one" }, daysLater(1)))
    const change = overridden(vip, { segment: "regular", reason: "another" }, daysLater(2))
    assert.deepStrictEqual(shown(change), ["vip", "regular"])
    assert.deepInclude(change.standing?.tierOverride, { value: "vip", reason: "one" })
  })

  it("is ended by null, with the reason of whoever ends it", () => {
    const someone = newcomer()
    const request = { tier: "vip", segment: "regular", reason } as const
    const favoured = after(someone, overridden(someone, request, daysLater(1)))
    const change = overridden(favoured, { tier: null, segment: null, reason: "The agreement is over" }, daysLater(2))
    assert.deepStrictEqual(shown(change), ["regular", "new_customer"])
    assert.deepStrictEqual(told(change), [
      ["tier", "vip", "regular", "The agreement is over"],
      ["label", "regular", "new_customer", "The agreement is over"]
    ])
    assert.isUndefined(change.standing?.tierOverride)
    assert.isUndefined(change.standing?.segmentOverride)
    assert.deepStrictEqual(change.standing?.reviewAt, daysLater(30))
    assert.deepInclude(change.tierChange, { cause: "override_ended", by: "support-7" })
    assert.deepStrictEqual(
      change.audits?.map(({ action }) => action),
      ["override_ended"]
    )
  })

  it("ends when its time is over, of which the audit and the history tell", () => {
    const someone = newcomer()
    const request = { tier: "vip", segment: "vip", reason, expiresAt: daysLater(3) } as const
    const favoured = after(someone, overridden(someone, request, daysLater(1)))
    assert.deepStrictEqual(favoured.record.reviewAt, daysLater(3))
    assert.deepStrictEqual(shown(reviewed(favoured, daysLater(3, -1))), ["vip", "vip"])
    const change = reviewed(favoured, daysLater(3))
    assert.deepStrictEqual(shown(change), ["regular", "new_customer"])
    assert.deepStrictEqual(told(change)[0], ["tier", "vip", "regular", "totalSpent 0.00 < 1000"])
    assert.deepInclude(change.tierChange, { cause: "override_ended", achievedAt: daysLater(3) })
    assert.notProperty(change.tierChange, "by")
    assert.deepStrictEqual(
      change.audits?.map(({ action, actor }) => [action, actor]),
      [
        ["override_ended", "time"],
        ["override_ended", "time"]
      ]
    )
    assert.deepStrictEqual(change.standing?.reviewAt, daysLater(30))
  })

  it("on a label does not answer for a tier whose own override has had its time", () => {
    const someone = newcomer()
    const vip = after(someone, overridden(someone, { tier: "vip", reason, expiresAt: daysLater(3) }, daysLater(1)))
    const change = overridden(vip, { segment: "regular", reason: "another" }, daysLater(4))
    assert.deepStrictEqual(told(change)[0], ["tier", "vip", "regular", "totalSpent 0.00 < 1000"])
    assert.deepInclude(change.tierChange, { cause: "override_ended" })
    assert.notProperty(change.tierChange, "by")
    assert.deepStrictEqual(
      change.audits?.map(({ action, actor }) => [action, actor]),
      [
        ["override_ended", "time"],
        ["segment_overridden", "support-7"]
      ]
    )
  })

  it.each([
    ["asks for nothing", { reason }, "tier"],
    ["is over already", { tier: "vip", reason, expiresAt: daysLater(2) }, "expiresAt"],
    [
      "is to last for longer than there are years",
      { tier: "vip", reason, expiresAt: daysLater(4_000_000) },
      "expiresAt"
    ],
    ["ends something at a time", { tier: null, reason, expiresAt: daysLater(9) }, "expiresAt"]
  ] as const)("that %s is refused", (_, request, path) => {
    const refused = Result.getOrThrow(Result.flip(tryOverride(newcomer(), request, colleague(daysLater(2)))))
    assert.strictEqual(refused._tag, "InvalidInput")
    assert.deepStrictEqual(refused._tag === "InvalidInput" && refused.issues.map((issue) => issue.path), [path])
  })

  it("is refused for another version than the current one, and for a closed account", () => {
    const someone = newcomer()
    const late = { ...colleague(daysLater(2)), expectedVersion: 2 }
    const conflict = Result.getOrThrow(Result.flip(tryOverride(someone, { tier: "vip", reason }, late)))
    assert.deepInclude(conflict, { _tag: "VersionConflict", current: 1 })
    const closed: Standing = { ...someone, customer: { ...someone.customer, status: "inactive" } }
    const gone = Result.getOrThrow(Result.flip(tryOverride(closed, { tier: "vip", reason }, colleague(registered))))
    assert.strictEqual(gone._tag, "CustomerNotFound")
  })
})
