import { assert } from "@effect/vitest"
import { BigDecimal, DateTime, Effect } from "effect"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import * as AccountDecisions from "../identity/AccountDecisions.ts"
import { formerFacts } from "../segment/FormerFacts.ts"
import * as MembershipDecisions from "../segment/MembershipDecisions.ts"
import type { CustomerMemberships } from "../segment/Membership.ts"
import type { Rule } from "../segment/rule/Rule.ts"
import { SegmentName } from "../segment/Segment.ts"
import { SegmentMemberships } from "../segment/SegmentMemberships.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { promote } from "./customerStandingsContractPeople.ts"
import { assertFates, at, order, orderOf, points, pointsOf } from "./inboxContractMessages.ts"
import {
  belongings,
  close,
  isMember,
  known,
  person,
  recompute,
  reviewedAt,
  segmentOf,
  type SegmentServices,
  settle,
  setScore,
  toldOf
} from "./segmentContractPeople.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshAddressId, freshWord, registration } from "./strangers.ts"

const mark = (id: CustomerId) => Effect.map(known(id), ({ current: { change, reviewAt } }) => ({ change, reviewAt }))

const setAttribute = Effect.fnUntraced(function* (id: CustomerId, key: string, value: string) {
  const repository = yield* CustomerRepository
  const changes = { profile: { data: { [key]: value } } }
  return yield* repository.modify(id, (current) => Decisions.update(current, changes, circumstances(60)))
})

const moveTo = Effect.fnUntraced(function* (id: CustomerId, city: string) {
  const repository = yield* CustomerRepository
  const address = { street: "1 Main St", city, country: "DE", zipCode: "10115" }
  yield* repository.modify(id, (current) =>
    Decisions.addAddress(current, address, freshAddressId(), 10, circumstances(60))
  )
})

/** What leaves a mark, and what it says. */
export const marking = (it: ContractSuite<SegmentServices>): void => {
  it.effect("a newcomer is reviewed, and belongs where the rules put her", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      yield* recompute()
      const { id } = yield* repository.insert(registration({ customerType: "business" }))
      const { change, reviewAt } = yield* mark(id)
      assert.include(change?.fields ?? [], "*")
      assert.isTrue(reviewAt !== undefined && DateTime.isLessThan(reviewAt, reviewedAt))
      assert.deepStrictEqual(yield* belongings(id), [])
      assert.include(yield* settle(), id)
      assert.deepStrictEqual(yield* belongings(id), ["all-customers", "new-customers", "wholesale-customers"])
      const { memberships } = (yield* known(id)).current
      assert.sameDeepMembers(
        [...memberships.values()].map(({ by, since }) => ({ by, since })),
        [...memberships.values()].map(() => ({ by: "rule", since: reviewedAt }))
      )
      const events = yield* Effect.flatMap(StoredFacts, (facts) => facts.events(id))
      const all = events.map(({ customerVersion, envelope, topic }) => ({
        customerVersion,
        data: envelope.data,
        topic
      }))
      assert.lengthOf(all, 4)
      for (const segment of yield* belongings(id)) {
        const told = all.find(({ data }) => JSON.stringify(data).includes(`"${segment}"`))
        assert.deepInclude(told, { customerVersion: 1, topic: "customers.segment.changed" })
        assert.deepInclude(told?.data, { change: "membership", from: "none", to: "member", ruleVersion: 1, version: 1 })
      }
    })
  )

  it.effect("a change on which no segment depends asks for no review", () =>
    Effect.gen(function* () {
      const [id, key] = [yield* person(freshWord()), freshWord()]
      yield* settle()
      const before = yield* mark(id)
      yield* setAttribute(id, key, "Zoë")
      assert.deepStrictEqual(yield* mark(id), before)
      assert.isUndefined(before.change)
      assert.notInclude(yield* settle(), id)
      yield* segmentOf({ field: `profile.data.${key}`, op: "eq", value: "Zoë" })
      yield* setAttribute(id, key, "Chloë")
      assert.include(yield* settle(), id)
    })
  )

  it.effect("a change on which a segment depends asks for a review, also of addresses, orders and points", () =>
    Effect.gen(function* () {
      const id = yield* person(freshWord())
      const depends = Effect.fnUntraced(function* <E, R>(clause: Rule, write: Effect.Effect<unknown, E, R>) {
        const segment = yield* segmentOf(clause)
        yield* settle()
        assert.isFalse(yield* isMember(id, segment))
        yield* write
        assert.isFalse(yield* isMember(id, segment))
        assert.deepStrictEqual(yield* settle(), [id])
        assert.deepStrictEqual([yield* isMember(id, segment), yield* toldOf(id, segment)], [true, ["joined by 1"]])
      })
      const [city, key] = [freshWord(), freshWord()]
      const paying = order("1500", 300)
      yield* depends({ field: `profile.data.${key}`, op: "eq", value: "Zoë" }, setAttribute(id, key, "Zoë"))
      yield* depends({ field: "address.city", op: "eq", value: city }, moveTo(id, city))
      yield* depends({ field: "orders.count", op: "eq", value: 1 }, assertFates([orderOf(id, paying)], ["applied"]))
      const told = { ...order("1700", 301), orderId: paying.orderId, completedAt: at(302) }
      yield* depends({ field: "orders.total", op: "gte", value: 1700 }, assertFates([orderOf(id, told)], ["applied"]))
      const later = { ...order("1700", 303), orderId: paying.orderId, completedAt: at(304) }
      const moment = { field: "lastOrder", op: "gte", value: "2031-05-06T12:05:04Z" } as const
      yield* depends(moment, assertFates([orderOf(id, later)], ["applied"]))
      yield* depends(
        { field: "loyalty.points", op: "gt", value: 6 },
        assertFates([pointsOf(id, points(7))], ["applied"])
      )
      yield* depends({ field: "tier", op: "in", value: ["vip"] }, promote(id, "vip"))
    })
  )

  it.effect("a review is told what she was like before the first change since the last one", () =>
    Effect.gen(function* () {
      const [group, city] = [freshWord(), freshWord()]
      const id = yield* person(group, 1)
      yield* segmentOf({
        any: [
          { field: "profile.data.score", op: "gt", value: 2 },
          { field: "address.city", op: "eq", value: city },
          { field: "lastOrder", op: "exists", value: true }
        ]
      })
      yield* settle()
      yield* setScore(id, 2)
      yield* moveTo(id, city)
      yield* setScore(id, 3)
      yield* assertFates([orderOf(id, order("15", 60))], ["applied"])
      yield* moveTo(id, freshWord())
      const seen: Array<CustomerMemberships> = []
      const memberships = yield* SegmentMemberships
      yield* memberships.review([id], reviewedAt, (segments, current) => {
        seen.push(current)
        return MembershipDecisions.review(segments, current, reviewedAt)
      })
      const [current, ...others] = seen
      if (current === undefined) return assert.fail("she was not reviewed")
      assert.deepStrictEqual(others, [])
      assert.includeMembers([...(current.change?.fields ?? [])], ["profile.data.score", "address", "lastOrder"])
      assert.deepStrictEqual(current.lastOrderAt, at(60))
      assert.lengthOf(current.customer.addresses, 2)
      const { customer, lastOrderAt } = formerFacts(current, current.change?.before)
      assert.deepStrictEqual(customer.profile.data, { group, score: 1 })
      assert.deepStrictEqual([customer.addresses, lastOrderAt], [[], undefined])
      assert.isTrue(BigDecimal.isZero(customer.segment.totalSpent) || current.change?.before.segment === undefined)
      yield* setScore(id, 4)
      const { change } = yield* mark(id)
      const former = formerFacts((yield* known(id)).current, change?.before)
      assert.deepStrictEqual(former.customer.profile.data, { group, score: 3 })
      assert.lengthOf(former.customer.addresses, 2)
    })
  )

  it.effect("a closed account leaves every segment", () =>
    Effect.gen(function* () {
      const [group, repository] = [freshWord(), yield* CustomerRepository]
      const [segment, id] = [yield* segmentOf({ field: "status", op: "eq", value: "inactive" }), yield* person(group)]
      yield* settle()
      assert.isNotEmpty(yield* belongings(id))
      yield* close(id)
      assert.deepStrictEqual(yield* settle(), [id])
      assert.deepStrictEqual(yield* belongings(id), [])
      const everyone = { name: SegmentName.make("all-customers") }
      assert.deepStrictEqual(yield* toldOf(id, everyone), ["joined by 1", "left by 1"])
      assert.deepStrictEqual(yield* toldOf(id, segment), [])
      yield* repository.modify(id, (customer) =>
        AccountDecisions.reactivate(customer, "she came back", CustomerPolicy.defaultValue(), circumstances(120))
      )
      yield* settle()
      assert.deepStrictEqual(yield* toldOf(id, everyone), ["joined by 1", "left by 1", "joined by 1"])
    })
  )
}
