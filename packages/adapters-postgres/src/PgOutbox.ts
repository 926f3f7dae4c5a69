import { Outbox } from "@customer-service/core"
import { Effect, Layer, Option, Scope } from "effect"
import { SqlClient } from "effect/sql"
import { answering } from "./answering.ts"
import { outOfDeadlock } from "./deadlocks.ts"
import { legible } from "./legible.ts"
import { OutboxBell } from "./OutboxBell.ts"
import { dueEvents, endClaims, heldClaim, settleClaim, takePartition, unpublishLast } from "./outboxStatements.ts"
import { orUnavailable } from "./storageErrors.ts"

type Taken = Pick<Outbox.Claim, "partition" | "ticket">

interface EventRow extends Omit<Outbox.ClaimedEvent, "customerId"> {
  readonly customerId: NonNullable<Outbox.ClaimedEvent["customerId"]> | null
}

const eventOf = ({ customerId, ...row }: EventRow): Outbox.ClaimedEvent => ({
  ...row,
  customerId: customerId ?? undefined
})

/** The most of a reason that is kept. */
const longestReason = 500

/** What was not published, as JSON for `settleClaim`. */
const failuresOf = ({ delayed, refused }: Outbox.Settlement): string =>
  JSON.stringify([
    ...refused.map(({ reason, ...refusal }) => ({
      ...refusal,
      reason: legible(reason, longestReason),
      refusals: 1,
      waits: 0
    })),
    ...delayed.map((delay) => ({ ...delay, refusals: 0, waits: 1 }))
  ])

const nothing: Outbox.Settlement = { published: [], refused: [], delayed: [] }

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const bell = yield* OutboxBell
  const scope = yield* Effect.scope
  // Who never waits need not listen.
  const hearing = yield* Effect.cached(Scope.provide(bell.listen, scope))

  // Planned anew each time, as a claim is: the plan for an outbox that was empty would read the whole of it when it is
  // full, until the next vacuum.
  const settle = ({ partition, ticket }: Taken, settlement: Outbox.Settlement) =>
    sql.unsafe(settleClaim, [partition, ticket, [...settlement.published], failuresOf(settlement)]).unprepared

  const claim = Effect.fnUntraced(function* (most: number, leaseSeconds: number) {
    while (true) {
      const [taken] = yield* sql.unsafe<Taken>(takePartition, [leaseSeconds]).unprepared
      if (taken === undefined) return Option.none<Outbox.Claim>()
      const giveBack = settle(taken, nothing)
      const rows = yield* Effect.onError(sql.unsafe<EventRow>(dueEvents, [taken.partition, most]).unprepared, () =>
        Effect.ignore(giveBack)
      )
      if (rows.length > 0) return Option.some({ ...taken, events: rows.map(eventOf) })
      // Another relay has published just then what seemed due.
      yield* giveBack
    }
  })

  const suspect = Effect.fnUntraced(function* (windowSeconds: number, secondsAgo: number) {
    yield* sql.unsafe(endClaims)
    const [row] = yield* sql.unsafe<{ readonly count: number }>(unpublishLast, [windowSeconds, secondsAgo]).unprepared
    return row?.count ?? 0
  })

  return Outbox.Outbox.of({
    claim: ({ leaseSeconds, most }) => answering(claim(most, leaseSeconds)),
    settle: (taken, settlement) => answering(Effect.asVoid(outOfDeadlock(settle(taken, settlement)))),
    isMine: ({ partition, ticket }) =>
      answering(Effect.map(sql.unsafe(heldClaim, [partition, ticket]), (rows) => rows.length > 0)),
    suspect: (windowSeconds, secondsAgo = 0) =>
      orUnavailable(outOfDeadlock(sql.withTransaction(suspect(windowSeconds, secondsAgo)))),
    untilChanged: Effect.asVoid(Effect.timeoutOption(Effect.flatten(hearing), "1 second"))
  })
})

/**
 * The outbox in PostgreSQL, or in PGlite behind the same client; any number of relays share it. Whoever waits is woken by
 * the {@link OutboxBell} that the layer is given.
 */
export const layer: Layer.Layer<Outbox.Outbox, never, SqlClient.SqlClient> = Layer.effect(Outbox.Outbox, make)
