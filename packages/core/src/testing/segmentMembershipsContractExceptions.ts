import { assert } from "@effect/vitest"
import { Array, DateTime, Effect, Result } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import * as MembershipDecisions from "../segment/MembershipDecisions.ts"
import { SegmentMemberships } from "../segment/SegmentMemberships.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { at } from "./inboxContractMessages.ts"
import {
  close,
  except,
  isMember,
  known,
  manualSegment,
  person,
  scoring,
  segmentOf,
  type SegmentServices,
  settle,
  setScore,
  toldOf
} from "./segmentContractPeople.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshCustomerId, freshWord } from "./strangers.ts"

const auditsOf = Effect.fnUntraced(function* (id: CustomerId) {
  const facts = yield* StoredFacts
  return (yield* facts.audits(id)).map(({ action, actor, reason }) => [action, actor, reason])
})

/** What colleagues decide by hand. */
export const excepting = (it: ContractSuite<SegmentServices>): void => {
  it.effect("except fails with CustomerNotFound for an id that is not there", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(except(freshCustomerId(), yield* manualSegment, true))
      assert.strictEqual(failure._tag, "CustomerNotFound")
    })
  )

  it.effect("20 concurrent exceptions of one customer lose none", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const segments = yield* Effect.all(Array.replicate(manualSegment, 20))
      const id = yield* person(freshWord())
      yield* Effect.forEach(segments, (segment) => except(id, segment, true), { concurrency: "unbounded" })
      const { exceptions, memberships } = (yield* known(id)).current
      const ids = segments.map((segment) => segment.id)
      assert.includeMembers([...memberships.keys()], ids)
      assert.sameMembers([...exceptions.keys()], ids)
      assert.strictEqual((yield* repository.get(id)).version, 21)
      assert.lengthOf(yield* auditsOf(id), 20)
      for (const segment of segments) assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by hand"])
    })
  )

  it.effect("what a colleague said stands in the place of what the rule says, until it is ended", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 5))
      const [inside, outside] = [yield* person(group, 7), yield* person(group, 3)]
      yield* settle()
      const told = yield* except(outside, segment, true, { reason: "asked for it" })
      assert.deepInclude(told.memberships.get(segment.id), { by: "hand" })
      assert.deepInclude(told.exceptions.get(segment.id), { member: true, reason: "asked for it", by: "contract" })
      assert.strictEqual(told.customer.version, 2)
      yield* except(inside, segment, false)
      assert.deepStrictEqual([yield* isMember(inside, segment), yield* isMember(outside, segment)], [false, true])
      yield* setScore(inside, 8)
      yield* setScore(outside, 2)
      yield* settle()
      assert.deepStrictEqual([yield* isMember(inside, segment), yield* isMember(outside, segment)], [false, true])
      yield* except(inside, segment, null, { reason: "it was a mistake" })
      yield* except(outside, segment, null, { reason: "it was a mistake" })
      assert.deepStrictEqual([yield* isMember(inside, segment), yield* isMember(outside, segment)], [true, false])
      assert.deepStrictEqual([...(yield* known(inside)).current.exceptions], [])
      assert.deepStrictEqual(yield* toldOf(inside, segment), ["joined by 1", "left by hand", "joined by 1"])
      assert.deepStrictEqual(yield* toldOf(outside, segment), ["joined by hand", "left by 1"])
      assert.deepStrictEqual(yield* auditsOf(outside), [
        ["membership_excepted", "contract", "asked for it"],
        ["membership_exception_ended", "contract", "it was a mistake"]
      ])
    })
  )

  it.effect("an exception is over at its moment and not before", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const segment = yield* segmentOf(scoring(group, "gte", 5))
      const id = yield* person(group, 3)
      yield* settle()
      const expiresAt = at(86_400)
      yield* except(id, segment, true, { expiresAt })
      assert.deepStrictEqual((yield* known(id)).current.reviewAt, expiresAt)
      assert.notInclude(yield* settle(DateTime.subtract(expiresAt, { milliseconds: 1 })), id)
      assert.isTrue(yield* isMember(id, segment))
      assert.include(yield* settle(expiresAt), id)
      assert.isFalse(yield* isMember(id, segment))
      assert.deepStrictEqual([...(yield* known(id)).current.exceptions], [])
      assert.deepStrictEqual(yield* toldOf(id, segment), ["joined by hand", "left by 1"])
      assert.deepStrictEqual(
        (yield* auditsOf(id)).map(([action]) => action),
        ["membership_excepted", "membership_exception_ended"]
      )
    })
  )

  it.effect("an exception brings a change with it that was still to be looked at", () =>
    Effect.gen(function* () {
      const group = freshWord()
      const [segment, manual] = [yield* segmentOf(scoring(group, "gte", 5)), yield* manualSegment]
      const id = yield* person(group, 3)
      yield* settle()
      yield* setScore(id, 7)
      yield* except(id, manual, true)
      assert.deepStrictEqual([yield* isMember(id, segment), yield* isMember(id, manual)], [true, true])
      assert.isUndefined((yield* known(id)).current.change)
    })
  )

  it.effect("a failed exception leaves nothing behind", () =>
    Effect.gen(function* () {
      const memberships = yield* SegmentMemberships
      const manual = yield* manualSegment
      const id = yield* person(freshWord())
      yield* close(id)
      yield* settle()
      const refused = memberships.except(id, () => Result.fail("refused" as const))
      assert.strictEqual(yield* Effect.flip(refused), "refused")
      const word = { member: true, reason: "too late", expiresAt: at(0) }
      const late = memberships.except(id, (segments, current) =>
        MembershipDecisions.except(segments, current, manual.id, word, circumstances(90))
      )
      assert.strictEqual((yield* Effect.flip(late))._tag, "CustomerNotFound")
      const { customer, exceptions } = (yield* known(id)).current
      assert.deepStrictEqual([customer.version, exceptions.size, yield* auditsOf(id)], [2, 0, []])
    })
  )
}
