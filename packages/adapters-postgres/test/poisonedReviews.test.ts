import {
  type CustomerId,
  CustomerRepository,
  MembershipDecisions,
  SegmentMemberships,
  SegmentRecomputes
} from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Logger } from "effect"
import { everything } from "./support/beside.ts"
import { postgres } from "./support/database.ts"
import { isMember, newSegment, ofLevel, peopleOf, recompute, reviewedAt, setLevel } from "./support/segmentPeople.ts"

/** No database takes this for a time. */
const beyondTime = DateTime.makeUnsafe("+275000-01-01T00:00:00Z")

const poisons = {
  "cannot be decided": () => {
    throw new Error("poison")
  },
  "cannot be written": <A extends object>(change: A) => ({ ...change, reviewAt: beyondTime })
}

/** Reviews whose time has come by a moment, one of them poisoned; answers whom. */
const reviewDue = Effect.fnUntraced(function* (
  poisoned: CustomerId | undefined,
  poison: (typeof poisons)[keyof typeof poisons],
  now = reviewedAt
) {
  const memberships = yield* SegmentMemberships.SegmentMemberships
  const reviewed = yield* memberships.reviewDue(100, now, (segments, current) => {
    const change = MembershipDecisions.review(segments, current, now)
    return current.customer.id === poisoned ? poison(change) : change
  })
  return reviewed.map(({ customer }) => customer.id)
})

layer(Layer.provideMerge(everything, postgres))("a review that fails for one customer", (it) => {
  for (const [name, poison] of Object.entries(poisons)) {
    it.effect(`because she ${name} holds up no other, and is tried again in an hour`, () =>
      Effect.gen(function* () {
        const customers = yield* CustomerRepository.CustomerRepository
        const segment = yield* newSegment(ofLevel(2))
        yield* recompute(yield* SegmentRecomputes.SegmentRecomputes)
        const [poisoned, ...others] = yield* peopleOf(1, 4)
        if (poisoned === undefined) return assert.fail("nobody is there")
        const messages: Array<string> = []
        const logged = Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void messages.push(line))])
        yield* Effect.forEach([poisoned, ...others], (id) => setLevel(customers, id, 2))

        const reviewed = yield* Effect.provide(reviewDue(poisoned, poison), logged)
        assert.sameMembers(reviewed, others)
        for (const id of others) assert.isTrue(yield* isMember(id, segment.id))
        assert.isFalse(yield* isMember(poisoned, segment.id))
        assert.lengthOf(messages, 1)
        assert.include(messages[0] ?? "", poisoned)
        assert.notInclude(messages[0] ?? "", "@")

        const almost = DateTime.add(reviewedAt, { minutes: 59 })
        assert.deepStrictEqual(yield* reviewDue(undefined, poison, almost), [])
        const later = DateTime.add(reviewedAt, { minutes: 61 })
        assert.deepStrictEqual(yield* reviewDue(undefined, poison, later), [poisoned])
        assert.isTrue(yield* isMember(poisoned, segment.id))
      })
    )
  }
})
