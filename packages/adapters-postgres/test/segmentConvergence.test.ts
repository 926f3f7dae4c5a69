import {
  type CustomerId,
  CustomerRepository,
  Inbox,
  matches,
  MembershipDecisions,
  type Rule,
  type Segment,
  SegmentDecisions,
  SegmentMemberships,
  SegmentRecomputes,
  SegmentStore
} from "@customer-service/core"
import { circumstances } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Array, Effect } from "effect"
import { AnotherProcess, besideAnother } from "./support/anotherProcess.ts"
import { delivery, orderEntry, restating } from "./support/deliveries.ts"
import {
  newSegment,
  ofLevel,
  peopleOf,
  recompute,
  review,
  reviewedAt,
  setLevel,
  settle,
  toldOf
} from "./support/segmentPeople.ts"

const rounds = 40

const pick = <A>(all: ReadonlyArray<A>, place: number): ReadonlyArray<A> => all.slice(place % all.length).slice(0, 1)

const both = Effect.gen(function* () {
  const { customers, inbox, memberships, recomputes, segments } = yield* AnotherProcess
  const here = {
    customers: yield* CustomerRepository.CustomerRepository,
    inbox: yield* Inbox.Inbox,
    memberships: yield* SegmentMemberships.SegmentMemberships,
    recomputes: yield* SegmentRecomputes.SegmentRecomputes,
    segments: yield* SegmentStore.SegmentStore
  }
  return [here, { customers, inbox, memberships, recomputes, segments }] as const
})

type Process = Effect.Success<typeof both>[number]

const except = (process: Process, id: CustomerId, segment: Segment, place: number) =>
  process.memberships.except(id, (segments, current) =>
    MembershipDecisions.except(
      segments,
      current,
      segment.id,
      { member: place % 3 === 0 ? null : place % 2 === 0, reason: "as was agreed" },
      circumstances(90)
    )
  )

const rewrite = (process: Process, segment: Segment, rule: Rule) =>
  process.segments.write((segments) =>
    SegmentDecisions.update(segments, segment.id, { rule }, undefined, circumstances(120).now)
  )

/** All that may happen at a time, in an order that has nothing to do with whom it happens to. */
const deedsOf = (
  processes: ReadonlyArray<Process>,
  ids: ReadonlyArray<CustomerId>,
  segments: ReadonlyArray<Segment>
): ReadonlyArray<Effect.Effect<unknown, unknown>> =>
  Array.range(1, rounds).flatMap((round) =>
    pick(processes, round).flatMap((process) => [
      ...pick(ids, round * 7).map((id) => setLevel(process.customers, id, round % 4)),
      ...pick(ids, round * 5).map((id) => process.inbox.receive([delivery(id, orderEntry("300"))], restating)),
      ...pick(ids, round * 3).flatMap((id) =>
        pick(segments, round).map((segment) => except(process, id, segment, round))
      ),
      ...pick(segments, round).map((segment) => rewrite(process, segment, ofLevel((round * 5) % 4))),
      review(process.memberships, ids.slice(round % 6)),
      settle(process.memberships),
      recompute(process.recomputes)
    ])
  )

const bySegment = Effect.fnUntraced(function* (id: CustomerId) {
  const memberships = yield* SegmentMemberships.SegmentMemberships
  const { current, segments } = yield* memberships.find(id)
  const names = new Set(segments.filter((each) => current.memberships.has(each.id)).map(({ name }) => name as string))
  return segments.map((segment) => ({
    name: segment.name,
    isMember: current.memberships.has(segment.id),
    isToBe:
      current.exceptions.get(segment.id)?.member ?? matches(segment.rule, { ...current, segments: names }, reviewedAt),
    by: current.memberships.get(segment.id)?.by ?? "rule",
    isExcepted: current.exceptions.get(segment.id)?.member === true
  }))
})

layer(besideAnother, { excludeTestServices: true })("memberships that everything moves at once", (it) => {
  it.effect("end where the rules and colleagues put everybody, and every move was told of", () =>
    Effect.gen(function* () {
      const processes = yield* both
      const [{ memberships, recomputes }] = processes
      const ids = yield* peopleOf(0, 12)
      const segments = yield* Effect.forEach([0, 1, 2], (level) => newSegment(ofLevel(level)))
      const dependent = yield* Effect.forEach(segments, ({ name }) =>
        newSegment({ not: { field: `segment("${name}")`, op: "eq", value: true } })
      )
      yield* newSegment({ all: [{ field: "tier", op: "eq", value: "premium" }, ofLevel(3)] })
      yield* Effect.forEach(deedsOf(processes, ids, [...segments, ...dependent.slice(0, 0)]), Effect.result, {
        concurrency: 16,
        discard: true
      })
      yield* recompute(recomputes)
      yield* settle(memberships)
      yield* recompute(recomputes)
      for (const id of ids) {
        for (const { by, isExcepted, isMember, isToBe, name } of yield* bySegment(id)) {
          assert.strictEqual(isMember, isToBe, name)
          assert.strictEqual(by, isExcepted ? "hand" : "rule", name)
          const told = yield* toldOf(id, name)
          assert.deepStrictEqual(
            told,
            told.map((_, place) => (place % 2 === 0 ? "member" : "none"))
          )
          assert.strictEqual(told.length % 2 === 1, isMember, name)
        }
      }
    })
  )
})
