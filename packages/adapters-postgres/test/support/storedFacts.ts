import type { AuditEntry, ConsentEntry, OutboxEvent } from "@customer-service/core"
import { StoredFacts } from "@customer-service/core/testing"
import { DateTime, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"

interface ConsentRow extends Omit<ConsentEntry, "at"> {
  readonly at: Date
}

interface AuditRow extends Omit<AuditEntry, "at" | "reason"> {
  readonly reason: string | null
  readonly at: Date
}

const auditOf = ({ at, reason, ...row }: AuditRow): AuditEntry => ({
  ...row,
  ...(reason === null ? {} : { reason }),
  at: DateTime.fromDateUnsafe(at)
})

/** What the repository has written beside a customer, read from its tables. */
export const storedFacts = Layer.effect(
  StoredFacts,
  Effect.map(SqlClient.SqlClient, (sql) => ({
    events: (id) =>
      Effect.orDie(sql<OutboxEvent>`
        SELECT topic, customer_id AS "customerId", customer_version AS "customerVersion", envelope
        FROM outbox_events WHERE customer_id = ${id} ORDER BY id`),
    eventsOfNobody: Effect.map(
      Effect.orDie(sql<Omit<OutboxEvent, "customerId">>`
        SELECT topic, customer_version AS "customerVersion", envelope
        FROM outbox_events WHERE customer_id IS NULL ORDER BY id`),
      (rows) => rows.map((row) => ({ ...row, customerId: undefined }))
    ),
    consents: (id) =>
      Effect.map(
        Effect.orDie(sql<ConsentRow>`
          SELECT purpose, channel, state = 'granted' AS granted, source, recorded_by AS "by", recorded_at AS "at"
          FROM consent_ledger WHERE customer_id = ${id} ORDER BY id`),
        (rows) => rows.map((row): ConsentEntry => ({ ...row, at: DateTime.fromDateUnsafe(row.at) }))
      ),
    audits: (id) =>
      Effect.map(
        Effect.orDie(sql<AuditRow>`
          SELECT action, actor_kind AS "actorKind", actor, reason, recorded_at AS "at"
          FROM customer_audits WHERE customer_id = ${id} ORDER BY id`),
        (rows) => rows.map(auditOf)
      ),
    passwordHash: (id) =>
      Effect.map(
        Effect.orDie(sql<{ hash: string | null }>`
          SELECT password_hash AS hash FROM customer_credentials WHERE customer_id = ${id}`),
        ([row]) => Option.fromNullishOr(row?.hash)
      )
  }))
)
