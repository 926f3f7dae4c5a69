import { assert, describe, it } from "@effect/vitest"
import {
  CustomerDocument,
  type CustomerMemberships,
  explainMembership,
  Instant,
  MembershipDecisions,
  type RecomputeProgress,
  type Segment,
  SegmentDecisions,
  SegmentId,
  segmentView,
  wantedOf
} from "@customer-service/core"
import { Result, Schema } from "effect"
import { john } from "../src/document/customerExamples.ts"
import {
  faithful,
  faithfulChanged,
  faithfulLeaving,
  faithfulMade,
  friends,
  friendship,
  johnBefriended,
  johnExplained,
  johnsMemberships,
  newFaithful,
  stricter
} from "../src/document/customerSegmentExamples.ts"
import {
  ChangeSegment,
  CreateSegment,
  CustomerSegmentAnswer,
  DecideMembership,
  ExplanationAnswer
} from "../src/index.ts"

const at = Schema.decodeSync(Instant)
const idOf = Schema.decodeSync(SegmentId)

const shown = (segment: Segment, memberCount: number) =>
  Schema.encodeSync(CustomerSegmentAnswer)({ segment: segmentView(segment, memberCount) }).data.segment

const comparing = (total: number, startedAt: string): RecomputeProgress => ({
  state: "comparing",
  done: 0,
  total,
  startedAt: at(startedAt)
})

const make = (input: typeof CreateSegment.Encoded, { createdAt, id }: typeof faithful): Segment =>
  Result.getOrThrow(SegmentDecisions.create([], Schema.decodeSync(CreateSegment)(input), idOf(id), at(createdAt)))

const made = make(newFaithful, faithfulMade)
const settled = { ...made, inForce: wantedOf(made) }
const manual = make({ kind: friends.kind, name: friends.name }, friends)

describe("the segments of the examples", () => {
  it("are made as the service makes them", () => {
    assert.deepEqual(shown({ ...made, recompute: comparing(0, faithfulMade.createdAt) }, 0), faithfulMade)
    assert.deepEqual(shown(settled, faithful.memberCount), faithful)
    assert.deepEqual(shown(manual, friends.memberCount), friends)
  })

  it("change as the service changes them", () => {
    const now = faithfulChanged.updatedAt
    const changes = Schema.decodeSync(ChangeSegment)(stricter)
    const changed = Result.getOrThrow(SegmentDecisions.update([settled], faithful.name, changes, undefined, at(now)))
    assert.deepEqual(shown({ ...changed, recompute: comparing(250_000, now) }, faithful.memberCount), faithfulChanged)
  })

  it("leave as the service lets them go", () => {
    const now = faithfulLeaving.updatedAt
    const leaving = Result.getOrThrow(SegmentDecisions.remove([settled], faithful.name, undefined, at(now)))
    assert.deepEqual(shown({ ...leaving, recompute: comparing(250_000, now) }, faithful.memberCount), faithfulLeaving)
  })
})

const johns: CustomerMemberships = {
  customer: { ...Schema.decodeSync(CustomerDocument)(john), addresses: [] },
  memberships: new Map(
    johnsMemberships.map(({ by, id, since }) => [idOf(id), { segmentId: idOf(id), since: at(since), by }])
  ),
  exceptions: new Map()
}

describe("the memberships of the examples", () => {
  it("are John's by what he has ordered, and by a colleague's word", () => {
    const [, { exception, since } = { since: "" }] = johnBefriended
    const word = Schema.decodeSync(DecideMembership)(friendship)
    const circumstances = {
      actor: { kind: "staff", subject: "support-7", scopes: new Set<string>() },
      now: at(since)
    } as const
    const change = MembershipDecisions.except([settled, manual], johns, idOf(friends.id), word, circumstances)
    const { events, joins, leaves, made } = Result.getOrThrow(change)
    const segmentId = friends.id
    assert.deepEqual<unknown>(
      [joins, leaves, made],
      [
        [{ segmentId, since: at(since), by: "hand" }],
        [],
        [{ ...exception, segmentId, at: at(since), expiresAt: at(exception?.expiresAt ?? "") }]
      ]
    )
    assert.deepEqual(
      events.map(({ reason }) => reason),
      [friendship.reason]
    )
  })

  it("are explained as the service explains them", () => {
    const facts = { ...johns, lastOrderAt: at("2024-10-25T10:00:00.000Z"), segments: new Set<string>() }
    const explanation = explainMembership(settled, facts, undefined, at(johnExplained.asOf))
    assert.deepEqual(Schema.encodeSync(ExplanationAnswer)({ explanation }).data.explanation, johnExplained)
  })
})
