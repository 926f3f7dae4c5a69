import { DateTime, Effect } from "effect"
import { ActionForbidden } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { CurrentActor, isAdmin } from "../request/Actor.ts"
import { printRule } from "./rule/ruleText.ts"
import { RuleMatches } from "./RuleMatches.ts"
import { makeSegmentId, type Segment } from "./Segment.ts"
import * as SegmentDecisions from "./SegmentDecisions.ts"
import { type NewSegment, readGivenRule, type RuleInput, type SegmentChanges } from "./SegmentInput.ts"
import { SegmentMemberships } from "./SegmentMemberships.ts"
import { type SegmentOnce, SegmentStore } from "./SegmentStore.ts"
import { segmentView } from "./SegmentView.ts"

/** Lets staff pass alone: what segments there are, and who belongs to them, is the shop's own business. */
export const staffAlone = Effect.flatMap(CurrentActor, (actor) =>
  isAdmin(actor) ? Effect.void : Effect.fail(new ActionForbidden({ reason: "segments need the scope customers:admin" }))
)

const shown = Effect.fnUntraced(function* (segment: Segment) {
  const store = yield* SegmentStore
  return segmentView(segment, yield* store.memberCount(segment.id))
})

/** Every segment with its number of members, by name; for staff. */
export const list = Effect.fn("Segments.list")(function* () {
  yield* staffAlone
  const store = yield* SegmentStore
  const [segments, counts] = yield* Effect.all([store.list, store.memberCounts])
  return segments.map((segment) => segmentView(segment, counts.get(segment.id) ?? 0))
})

/** One segment, by its id or name; for staff. */
export const get = Effect.fn("Segments.get")(function* (reference: string) {
  yield* staffAlone
  const store = yield* SegmentStore
  return yield* shown(yield* store.find(reference))
})

/** Makes a segment; who belongs to it is found out in the background. For staff. */
export const create = Effect.fn("Segments.create")(function* (input: NewSegment, once?: SegmentOnce) {
  yield* staffAlone
  const store = yield* SegmentStore
  const [id, now] = [yield* makeSegmentId, yield* DateTime.now]
  const segment = yield* store.write((segments) => SegmentDecisions.create(segments, input, id, now), once)
  return segmentView(segment, 0)
})

/** Changes a segment, field by field; memberships follow in the background where its rule changes. For staff. */
export const update = Effect.fn("Segments.update")(function* (
  reference: string,
  changes: SegmentChanges,
  expectedVersion?: SegmentDecisions.ExpectedSegmentVersion
) {
  yield* staffAlone
  const store = yield* SegmentStore
  const now = yield* DateTime.now
  return yield* shown(
    yield* store.write((segments) => SegmentDecisions.update(segments, reference, changes, expectedVersion, now))
  )
})

/** Has a segment leave: its members are told of in the background, then it is gone. For staff. */
export const remove = Effect.fn("Segments.remove")(function* (
  reference: string,
  expectedVersion?: SegmentDecisions.ExpectedSegmentVersion
) {
  yield* staffAlone
  const store = yield* SegmentStore
  const now = yield* DateTime.now
  return yield* shown(
    yield* store.write((segments) => SegmentDecisions.remove(segments, reference, expectedVersion, now))
  )
})

/** How long a preview may take, in seconds, and how many customers it shows. */
export const previewLimits = { most: 10, seconds: 5 } as const

/** How many customers a rule fits, and some of them; nothing is stored. For staff. */
export const preview = Effect.fn("Segments.preview")(function* (input: RuleInput) {
  yield* staffAlone
  const [matches, repository] = [yield* RuleMatches, yield* CustomerRepository]
  const rule = yield* Effect.fromResult(readGivenRule(input))
  const now = yield* DateTime.now
  const { count, sample } = yield* matches.preview(rule, now, previewLimits)
  return { count, sample: yield* repository.getMany(sample), rule, ruleText: printRule(rule) }
})

/** A page of a segment's members, in the order of their ids; for staff. */
export const members = Effect.fn("Segments.members")(function* (
  reference: string,
  page: { readonly limit: number; readonly after?: CustomerId | undefined }
) {
  yield* staffAlone
  const [store, memberships] = [yield* SegmentStore, yield* SegmentMemberships]
  const { id: segmentId } = yield* store.find(reference)
  return yield* memberships.members({ segmentId, ...page })
})
