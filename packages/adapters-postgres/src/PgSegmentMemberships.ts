import {
  type CustomerId,
  type CustomerMemberships,
  CustomerNotFound,
  type MembershipChange,
  type ReviewMemberships,
  type Segment,
  SegmentMemberships
} from "@customer-service/core"
import { DateTime, Effect, Layer, type Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient, type SqlError } from "effect/sql"
import { answering } from "./answering.ts"
import { customerOf } from "./CustomerRow.ts"
import { outOfDeadlock } from "./deadlocks.ts"
import { lowestId } from "./lowestId.ts"
import {
  type MemberRow,
  membershipOf,
  membershipsAfter,
  membershipsOf,
  type MembershipsRow,
  type Reviewing,
  untoldIn
} from "./MembershipRow.ts"
import { dueMemberships, knownMemberships, lockDueForReview, lockFree, membersPage } from "./membershipStatements.ts"
import { OutboxBell } from "./OutboxBell.ts"
import { ReadReplicas } from "./ReadReplicas.ts"
import { isOfSomebody, reviewApart } from "./reviewApart.ts"
import { keepRulesByIndex } from "./segmentLock.ts"
import { makeSegmentsNear } from "./segmentsNear.ts"
import { lockCustomers } from "./standingStatements.ts"
import { orUnavailable } from "./storageErrors.ts"
import { writeReviews } from "./writeReviews.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const replicas = yield* ReadReplicas
  const random = yield* SecureRandom.SecureRandom
  const bell = yield* OutboxBell
  const { at: segmentsAt } = makeSegmentsNear(sql)

  const knownRow = (id: CustomerId) =>
    Effect.flatMap(sql.unsafe<MembershipsRow>(knownMemberships, [id]), ([row]) =>
      row === undefined ? Effect.fail(new CustomerNotFound({ customerId: id })) : Effect.succeed(row)
    )

  /** Again where a segment became another one between the two reads. */
  const find = Effect.fnUntraced(function* (id: CustomerId) {
    while (true) {
      const row = yield* knownRow(id)
      const { revision, segments } = yield* segmentsAt(row.revision)
      if (revision === row.revision) return { current: membershipsOf(row, yield* DateTime.now), segments, revision }
    }
  })

  const write = (reviews: ReadonlyArray<Reviewing>, now: DateTime.Utc) =>
    writeReviews(sql, reviews, now).pipe(
      Effect.provideService(SecureRandom.SecureRandom, random),
      Effect.provideService(OutboxBell, bell)
    )

  const decideAll = Effect.fnUntraced(function* (
    rows: ReadonlyArray<MembershipsRow>,
    now: DateTime.Utc,
    decide: ReviewMemberships
  ) {
    const [first] = rows
    if (first === undefined) return []
    const { segments } = yield* segmentsAt(first.revision)
    return rows.map((row): Reviewing => {
      const before = membershipsOf(row, now)
      return { before, change: decide(segments, before), untold: untoldIn(row) }
    })
  })

  /** Reviews those whom `lock` locks. */
  const review = Effect.fnUntraced(function* (
    lock: Effect.Effect<ReadonlyArray<{ readonly id: CustomerId }>, SqlError.SqlError>,
    now: DateTime.Utc,
    decide: ReviewMemberships
  ) {
    yield* sql.unsafe(keepRulesByIndex)
    const locked = JSON.stringify((yield* lock).map(({ id }) => id))
    const rows = yield* sql.unsafe<MembershipsRow>(dueMemberships, [locked, DateTime.toDateUtc(now)])
    return yield* write(yield* decideAll(rows, now, decide), now)
  })

  const lockUnused = (ids: ReadonlyArray<CustomerId>) =>
    sql.unsafe<{ readonly id: CustomerId }>(lockFree, [JSON.stringify(ids)])

  /** Whoever asks for one customer waits for her; of several those are left alone whom somebody else is changing. */
  const lockThese = (ids: ReadonlyArray<CustomerId>) =>
    ids.length === 1 ? sql.unsafe<{ readonly id: CustomerId }>(lockCustomers, [JSON.stringify(ids)]) : lockUnused(ids)

  const lockDue = (most: number, now: DateTime.Utc) =>
    sql.unsafe<{ readonly id: CustomerId }>(lockDueForReview, [DateTime.toDateUtc(now), most])

  const except = Effect.fnUntraced(function* <E>(
    id: CustomerId,
    decide: (segments: ReadonlyArray<Segment>, current: CustomerMemberships) => Result.Result<MembershipChange, E>
  ) {
    yield* sql.unsafe(keepRulesByIndex)
    yield* sql.unsafe(lockCustomers, [JSON.stringify([id])])
    const row = yield* knownRow(id)
    const { segments } = yield* segmentsAt(row.revision)
    const before = membershipsOf(row, yield* DateTime.now)
    const change = yield* Effect.fromResult(decide(segments, before))
    const review = { before, change, untold: untoldIn(row) }
    yield* write([review], change.customer.updatedAt)
    return membershipsAfter(review)
  })

  const writing = <A, E, R>(write: Effect.Effect<A, E, R>) => outOfDeadlock(sql.withTransaction(write))

  const reviewEachDue = Effect.fnUntraced(function* (most: number, now: DateTime.Utc, decide: ReviewMemberships) {
    const due = yield* writing(Effect.andThen(sql.unsafe(keepRulesByIndex), lockDue(most, now)))
    const ids = due.map(({ id }) => id)
    return yield* reviewApart(sql, ids, now, (id) => writing(review(lockUnused([id]), now, decide)))
  })

  /** All at once, or one by one where that fails for one of them. */
  const reviewDue = (most: number, now: DateTime.Utc, decide: ReviewMemberships) =>
    Effect.catchCauseIf(writing(review(lockDue(most, now), now, decide)), isOfSomebody, () =>
      reviewEachDue(most, now, decide)
    )

  const members = ({ after, limit, segmentId }: SegmentMemberships.MemberQuery) =>
    replicas.read(
      (client) => client.unsafe<MemberRow>(membersPage, [segmentId, after ?? lowestId, limit + 1]).unprepared
    )

  return SegmentMemberships.SegmentMemberships.of({
    find: (id) => answering(find(id)),
    review: (ids, now, decide) => answering(writing(review(lockThese(ids), now, decide))),
    reviewDue: (most, now, decide) => orUnavailable(reviewDue(most, now, decide)),
    except: (id, decide) => answering(writing(except(id, decide))),
    members: (query) => answering(Effect.map(members(query), (rows) => pageOf(rows, query.limit)))
  })
})

const pageOf = (rows: ReadonlyArray<MemberRow>, limit: number): SegmentMemberships.MemberPage => {
  const members = rows.slice(0, limit).map(({ membership, ...row }) => ({
    customer: customerOf(row),
    membership: membershipOf(membership)
  }))
  const last = members.at(-1)
  return rows.length > limit && last !== undefined ? { members, next: last.customer.id } : { members }
}

/**
 * Who belongs to which segments, in PostgreSQL, or in PGlite behind the same client; any number of processes review.
 * Members are listed from the replicas.
 */
export const layer: Layer.Layer<
  SegmentMemberships.SegmentMemberships,
  never,
  SqlClient.SqlClient | ReadReplicas | SecureRandom.SecureRandom
> = Layer.effect(SegmentMemberships.SegmentMemberships, make)
