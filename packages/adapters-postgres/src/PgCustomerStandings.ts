import {
  type Change,
  CorrelationId,
  type Customer,
  type CustomerId,
  CustomerNotFound,
  CustomerStandings,
  ReviewBell,
  type StandingPolicy,
  type StandingRecord,
  type TierChange
} from "@customer-service/core"
import { DateTime, Effect, Layer, type Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { answering } from "./answering.ts"
import { byIndexAlone } from "./byIndexAlone.ts"
import { outOfDeadlock } from "./deadlocks.ts"
import { OutboxBell } from "./OutboxBell.ts"
import { ReadReplicas } from "./ReadReplicas.ts"
import { recheckStandings } from "./recheckStandings.ts"
import { type Restanding, writeRestandings } from "./restandings.ts"
import { standingOf, type StandingRow, thresholds } from "./StandingRow.ts"
import { dueStandings, lockCustomers, lockDue, oneStanding, previewMoves } from "./standingStatements.ts"
import { orUnavailable } from "./storageErrors.ts"

/** The newest tier changes that a history holds. */
const longestHistory = 100

interface TierChangeRow extends Omit<TierChange, "achievedAt" | "at" | "by"> {
  readonly by: string | null
  readonly achievedAt: Date
  readonly at: Date
}

const tierChangeOf = ({ achievedAt, at, by, ...row }: TierChangeRow): TierChange => ({
  ...row,
  ...(by === null ? {} : { by }),
  achievedAt: DateTime.fromDateUnsafe(achievedAt),
  at: DateTime.fromDateUnsafe(at)
})

/** From where on a customer is premium, and VIP. */
const tierThresholds = (policy: StandingPolicy) => thresholds(policy).slice(0, 2)

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const replicas = yield* ReadReplicas
  const random = yield* SecureRandom.SecureRandom
  const reviewBell = yield* ReviewBell
  const bell = yield* OutboxBell

  const find = (id: CustomerId) =>
    Effect.flatMap(sql.unsafe<StandingRow>(oneStanding, [id]), ([row]) =>
      row === undefined ? Effect.fail(new CustomerNotFound({ customerId: id })) : Effect.succeed(standingOf(row))
    )

  const written = Effect.fnUntraced(
    function* (restandings: ReadonlyArray<Omit<Restanding, "correlationId">>) {
      const correlationId = yield* CorrelationId
      return yield* writeRestandings(
        sql,
        restandings.map((restanding) => ({ ...restanding, correlationId }))
      )
    },
    Effect.provideService(SecureRandom.SecureRandom, random),
    Effect.provideService(ReviewBell, reviewBell)
  )

  /** Runs a write in a transaction, and rings where it wrote events. */
  const writing = <A extends { readonly rings: boolean }, E, R>(write: Effect.Effect<A, E, R>) =>
    Effect.tap(outOfDeadlock(sql.withTransaction(write)), ({ rings }) => (rings ? bell.ring : Effect.void))

  const modify = Effect.fnUntraced(function* <E>(
    id: CustomerId,
    decide: (customer: Customer, record: StandingRecord) => Result.Result<Change, E>
  ) {
    yield* sql.unsafe(byIndexAlone)
    yield* sql.unsafe(lockCustomers, [JSON.stringify([id])])
    const { customer, record } = yield* find(id)
    const change = yield* Effect.fromResult(decide(customer, record))
    const rings = yield* written([{ customer, record, change }])
    return { rings, standing: { customer: change.customer, record: change.standing ?? record } }
  })

  const reviewDue = Effect.fnUntraced(function* (
    most: number,
    decide: (customer: Customer, record: StandingRecord) => Change
  ) {
    const now = DateTime.toDateUtc(yield* DateTime.now)
    yield* sql.unsafe(byIndexAlone)
    const locked = yield* sql.unsafe<{ readonly id: string }>(lockDue, [now, most])
    const rows = yield* sql.unsafe<StandingRow>(dueStandings, [JSON.stringify(locked.map(({ id }) => id)), now])
    const restandings = rows
      .map(standingOf)
      .map((standing) => ({ ...standing, change: decide(standing.customer, standing.record) }))
    const rings = yield* written(restandings)
    return { rings, customers: restandings.map(({ change }) => change.customer) }
  })

  const history = (id: CustomerId) => sql<TierChangeRow>`
    SELECT from_tier AS "from", to_tier AS "to", cause, coalesce(reason, '') AS reason, changed_by AS "by",
      achieved_at AS "achievedAt", recorded_at AS "at"
    FROM customer_tier_history WHERE customer_id = ${id} ORDER BY id DESC LIMIT ${longestHistory}`

  return CustomerStandings.CustomerStandings.of({
    find: (id) => answering(find(id)),
    modify: (id, decide) => answering(Effect.map(writing(modify(id, decide)), ({ standing }) => standing)),
    reviewDue: (most, decide) =>
      orUnavailable(Effect.map(writing(reviewDue(most, decide)), ({ customers }) => customers)),
    history: (id) => answering(Effect.map(history(id), (rows) => rows.map(tierChangeOf))),
    preview: (policy, most) =>
      orUnavailable(
        replicas.read(
          (client) =>
            client.unsafe<CustomerStandings.TierMove>(previewMoves, [most, ...tierThresholds(policy)]).unprepared
        )
      ),
    recheck: (policy) => orUnavailable(recheckStandings(sql, policy))
  })
})

/** Standings in PostgreSQL, or in PGlite behind the same client; previews are read from the replicas. */
export const layer: Layer.Layer<
  CustomerStandings.CustomerStandings,
  never,
  SqlClient.SqlClient | ReadReplicas | SecureRandom.SecureRandom
> = Layer.effect(CustomerStandings.CustomerStandings, make)
