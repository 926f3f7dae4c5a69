import { assert, describe, it } from "@effect/vitest"
import { explainMembership } from "../../src/segment/MembershipExplanation.ts"
import { segmentView } from "../../src/segment/SegmentView.ts"
import { somebody } from "./ruleScene.ts"
import { byHand, now, said } from "./segmentScene.ts"

const friends = byHand("friends")

describe("a segment that is filled by hand", () => {
  it("is shown without a rule", () => {
    assert.doesNotHaveAnyKeys(segmentView(friends, 0), ["rule", "ruleText"])
  })

  it.each([
    [undefined, false, "friends is filled by hand, and nobody has put the customer there."],
    [said(friends, true), true, "The customer was put into friends by hand."],
    [said(friends, false), false, "The customer was kept out of friends by hand."]
  ])("is explained by who was put there, and by no rule: %#", (exception, member, summary) => {
    const explanation = explainMembership(friends, somebody(), exception, now)
    assert.deepInclude(explanation, { member, summary })
    assert.doesNotHaveAnyKeys(explanation, ["rule"])
    assert.doesNotHaveAnyKeys(explanation.segment, ["ruleText"])
  })
})
