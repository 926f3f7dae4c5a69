import { DateTime, Result } from "effect"
import type { AuditEntry } from "../customer/AuditEntry.ts"
import { admit } from "../customer/admission.ts"
import type { Circumstances } from "../customer/Customer.ts"
import { type CustomerNotFound, InvalidInput, type VersionConflict } from "../customer/CustomerErrors.ts"
import type { CustomerSegmentChanged } from "../customer/CustomerEvent.ts"
import { formerFacts } from "./FormerFacts.ts"
import type { CustomerMemberships, Membership, MembershipChange, MembershipException } from "./Membership.ts"
import { exceptionIssues, type MembershipWord } from "./MembershipWord.ts"
import { justBefore, membershipMoved } from "./membershipMoves.ts"
import type { Facts } from "./rule/Facts.ts"
import { clausesThat, flippedClauses, reasonOf } from "./rule/explainFlips.ts"
import { isOpen } from "./rule/matches.ts"
import { clausesOf } from "./rule/Rule.ts"
import { nextFlip } from "./rule/nextFlip.ts"
import type { Segment, SegmentId } from "./Segment.ts"
import { type CompiledSegment, catalogOf, moveOf, type SegmentCatalog, verdictOf } from "./SegmentCatalog.ts"

/** Whether the time of a colleague's word has passed. */
export const isOver = ({ expiresAt }: MembershipException, now: DateTime.Utc): boolean =>
  expiresAt !== undefined && DateTime.isLessThanOrEqualTo(expiresAt, now)

// The years that every store can hold.
const lastMoment = DateTime.makeUnsafe("9999-12-31T23:59:59.999Z").epochMilliseconds

/** The moments at which time alone may move somebody: a clause flips, or an exception is over. */
const nextReview = (
  catalog: SegmentCatalog,
  facts: Facts,
  exceptions: ReadonlyArray<MembershipException>,
  now: DateTime.Utc
): DateTime.Utc | undefined => {
  const moments = [
    ...catalog.timed.flatMap((place) => {
      const segment = catalog.inOrder[place]?.segment
      return segment === undefined ? [] : (nextFlip(segment.inForce.rule, facts, now.epochMilliseconds) ?? [])
    }),
    ...exceptions.flatMap(({ expiresAt }) => expiresAt?.epochMilliseconds ?? [])
  ]
  const next = Math.min(...moments)
  return next <= lastMoment ? DateTime.makeUnsafe(next) : undefined
}

/** Which segments are looked at: those that a change concerns, those that time moves, those where an exception is over. */
const placesToReview = (
  catalog: SegmentCatalog,
  { change, reviewAt }: CustomerMemberships,
  ended: ReadonlyArray<SegmentId>,
  now: DateTime.Utc
): Set<number> => {
  const fields = change?.fields ?? []
  if (fields.includes("*")) return new Set(catalog.inOrder.keys())
  const places = new Set(fields.flatMap((field) => catalog.concernedBy.get(field) ?? []))
  if (reviewAt !== undefined && DateTime.isLessThanOrEqualTo(reviewAt, now))
    catalog.timed.forEach((place) => places.add(place))
  for (const [place, { segment }] of catalog.inOrder.entries()) if (ended.includes(segment.id)) places.add(place)
  return places
}

const namesOf = (catalog: SegmentCatalog, memberships: CustomerMemberships["memberships"]): Set<string> =>
  new Set([...memberships.keys()].flatMap((id) => catalog.byId.get(id)?.segment.name ?? []))

/** What a review looks at and what it has found so far. */
interface Review {
  readonly catalog: SegmentCatalog
  readonly current: CustomerMemberships
  readonly facts: Facts & { readonly segments: Set<string> }
  readonly before: Facts
  readonly beforeAt: number
  readonly exceptions: ReadonlyMap<SegmentId, MembershipException>
  readonly ended: ReadonlyArray<SegmentId>
  readonly now: DateTime.Utc
}

/** The clauses that flipped; of whoever is looked at for the first time there are none, and those are told that decide. */
const clausesFor = (
  { before, beforeAt, current, facts, now }: Review,
  { id, inForce }: Segment
): ReadonlyArray<string> =>
  current.change?.fields.includes("*") === true
    ? clausesThat(!current.memberships.has(id), inForce.rule, facts, now.epochMilliseconds)
    : flippedClauses(inForce.rule, before, beforeAt, facts, now.epochMilliseconds)

const reasonFor = (review: Review, { segment }: CompiledSegment, word: MembershipException | undefined): string => {
  // What a colleague noted is told once, when it is said: later on it is not hers who happens to look.
  if (word !== undefined)
    return DateTime.Equivalence(word.at, review.now) ? word.reason : "a colleague's word holds again"
  if (review.ended.includes(segment.id)) return "what was done by hand holds no longer"
  if (!isOpen(review.facts)) return "the account is closed"
  if (!isOpen(review.before)) return "the account is open again"
  if (clausesOf(segment.inForce.rule).length === 0) return "everybody belongs to it"
  return reasonOf(clausesFor(review, segment))
}

interface Verdict {
  readonly membership?: Membership
  readonly event?: CustomerSegmentChanged
}

/** Where one segment puts her, and the event where that is another place than before. */
const decide = (review: Review, compiled: CompiledSegment): Verdict => {
  const { current, exceptions, facts, now } = review
  const { segment } = compiled
  const exception = exceptions.get(segment.id)
  const { belongs, by } = verdictOf(compiled, facts, exception, now)
  const since = current.memberships.get(segment.id)?.since
  const membership = belongs ? { membership: { segmentId: segment.id, since: since ?? now, by } } : {}
  if (belongs === (since !== undefined)) return membership
  const reason = reasonFor(review, compiled, by === "hand" ? exception : undefined)
  return { ...membership, event: membershipMoved(current.customer, segment, belongs, reason, by) }
}

type Moves = Pick<MembershipChange, "events" | "joins" | "leaves" | "stays">

/** Decides the segments in their order: a move in one concerns those whose rules ask for it. */
const movesOf = (review: Review, places: Set<number>): Moves => {
  const moves = {
    events: Array<CustomerSegmentChanged>(),
    joins: Array<Membership>(),
    leaves: Array<SegmentId>(),
    stays: Array<Membership>()
  }
  for (const [place, compiled] of review.catalog.inOrder.entries()) {
    if (!places.has(place)) continue
    const { segment } = compiled
    const present = review.current.memberships.get(segment.id)
    const { event, membership } = decide(review, compiled)
    if (event === undefined) {
      if (membership !== undefined && membership.by !== present?.by) moves.stays.push(membership)
      continue
    }
    moves.events.push(event)
    if (membership === undefined) moves.leaves.push(segment.id)
    else moves.joins.push(membership)
    if (membership === undefined) review.facts.segments.delete(segment.name)
    else review.facts.segments.add(segment.name)
    review.catalog.concernedBy.get(moveOf(segment))?.forEach((concerned) => places.add(concerned))
  }
  return moves
}

const nameOf = (segments: ReadonlyArray<Segment>, segmentId: SegmentId): string =>
  segments.find(({ id }) => id === segmentId)?.name ?? segmentId

const endedAudits = (
  segments: ReadonlyArray<Segment>,
  ended: ReadonlyArray<SegmentId>,
  now: DateTime.Utc
): ReadonlyArray<AuditEntry> =>
  ended.map((id) => ({
    action: "membership_exception_ended",
    actorKind: "service",
    actor: "time",
    membership: { segment: nameOf(segments, id) },
    at: now
  }))

const reviewWith = (
  segments: ReadonlyArray<Segment>,
  current: CustomerMemberships,
  exceptions: ReadonlyMap<SegmentId, MembershipException>,
  ended: ReadonlyArray<SegmentId>,
  now: DateTime.Utc,
  more: ReadonlyArray<SegmentId> = []
): Moves & Pick<MembershipChange, "reviewAt"> => {
  const catalog = catalogOf(segments)
  const { customer, lastOrderAt } = current
  const names = namesOf(catalog, current.memberships)
  const facts = { customer, lastOrderAt, segments: new Set(names) }
  const before = { ...formerFacts({ customer, lastOrderAt }, current.change?.before ?? {}), segments: names }
  const review = {
    catalog,
    current,
    facts,
    before,
    beforeAt: justBefore(current.reviewAt, now),
    exceptions,
    ended,
    now
  }
  const moves = movesOf(review, placesToReview(catalog, current, [...ended, ...more], now))
  return { ...moves, reviewAt: nextReview(catalog, facts, [...exceptions.values()], now) }
}

/** The exceptions whose time has passed, and those that are left. */
const sorted = ({ exceptions }: CustomerMemberships, now: DateTime.Utc) => {
  const over = [...exceptions.values()].filter((exception) => isOver(exception, now)).map(({ segmentId }) => segmentId)
  return { over, left: new Map([...exceptions].filter(([id]) => !over.includes(id))) }
}

/** Where somebody belongs now that something of her has changed, or time has passed. */
export const review = (
  segments: ReadonlyArray<Segment>,
  current: CustomerMemberships,
  now: DateTime.Utc
): MembershipChange => {
  const { left, over } = sorted(current, now)
  const moves = reviewWith(segments, current, left, over, now)
  return { ...moves, customer: current.customer, made: [], over, audits: endedAudits(segments, over, now) }
}

const exceptionsOf = (
  segmentId: SegmentId,
  { expiresAt, member, reason }: MembershipWord,
  { actor, now }: Circumstances
): ReadonlyArray<MembershipException> => {
  if (member === null) return []
  const until = expiresAt === undefined ? {} : { expiresAt }
  return [{ segmentId, member, reason, by: actor.subject, at: now, ...until }]
}

const auditOf = (
  segment: string,
  { expiresAt, member, reason }: MembershipWord,
  { actor, now }: Circumstances
): AuditEntry => ({
  action: member === null ? "membership_exception_ended" : "membership_excepted",
  membership: { segment, ...(member === null ? {} : { to: member ? "member" : "none", until: expiresAt }) },
  actorKind: actor.kind,
  actor: actor.subject,
  reason,
  at: now
})

/**
 * Puts a colleague's word in the place of what a segment's rule says of a customer, or ends it; where there is none to
 * end, she stays as she is. Fails with `InvalidInput` where its time is over already.
 */
export const except = (
  segments: ReadonlyArray<Segment>,
  current: CustomerMemberships,
  segmentId: SegmentId,
  word: MembershipWord,
  when: Circumstances
): Result.Result<MembershipChange, CustomerNotFound | InvalidInput | VersionConflict> =>
  Result.flatMap(admit(current.customer, when.expectedVersion), () => {
    const { now } = when
    const issues = exceptionIssues(word, now)
    if (issues.length > 0) return Result.fail(new InvalidInput({ issues }))
    const { left, over } = sorted(current, now)
    const isEnd = word.member === null
    if (isEnd && !left.has(segmentId)) return Result.succeed(review(segments, current, now))
    const customer = { ...current.customer, updatedAt: now, version: current.customer.version + 1 }
    const made = exceptionsOf(segmentId, word, when)
    left.delete(segmentId)
    for (const exception of made) left.set(segmentId, exception)
    const ended = isEnd ? [...over, segmentId] : over.filter((id) => id !== segmentId)
    const moves = reviewWith(segments, { ...current, customer }, left, ended, now, [segmentId])
    const audits = [...endedAudits(segments, over, now), auditOf(nameOf(segments, segmentId), word, when)]
    return Result.succeed({ ...moves, customer, made, over: ended, audits })
  })
