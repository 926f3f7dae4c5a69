import {
  Instant,
  noOne,
  Rule,
  type RuleInForce,
  type Segment,
  SegmentId,
  SegmentKind,
  SegmentName
} from "@customer-service/core"
import { DateTime, Effect, Option, Schema } from "effect"
import type { SqlClient, SqlError } from "effect/sql"

const InForce = Schema.Struct({ rule: Schema.Unknown, version: Schema.Int, isActive: Schema.Boolean })

const Progress = Schema.Struct({
  state: Schema.Literals(["comparing", "telling"]),
  done: Schema.Int,
  total: Schema.Int,
  startedAt: Instant
})

const StoredSegment = Schema.Struct({
  id: SegmentId,
  name: SegmentName,
  description: Schema.NullOr(Schema.String),
  kind: SegmentKind,
  rule: Schema.Unknown,
  version: Schema.Int,
  isActive: Schema.Boolean,
  isLeaving: Schema.Boolean,
  inForce: InForce,
  recompute: Schema.NullOr(Progress),
  createdAt: Instant,
  updatedAt: Instant
})

const decode = Schema.decodeUnknownSync(Schema.Array(StoredSegment), { disableChecks: true })
const decodeRule = Schema.decodeUnknownOption(Rule, { disableChecks: true })

// What somebody has put there past the service may be no rule.
const ruleOf = (stored: unknown): Rule => Option.getOrElse(decodeRule(stored), () => noOne)

const inForceOf = ({ rule, ...rest }: typeof InForce.Type): RuleInForce => ({ rule: ruleOf(rule), ...rest })

const segmentOf = ({ description, inForce, recompute, rule, ...rest }: typeof StoredSegment.Type): Segment => ({
  ...rest,
  ...(description === null ? {} : { description }),
  rule: ruleOf(rule),
  inForce: inForceOf(inForce),
  ...(recompute === null ? {} : { recompute })
})

/** All segments as they are at one moment, and the revision that they have then. */
export interface SegmentsAt {
  readonly revision: number
  readonly segments: ReadonlyArray<Segment>
}

const allSegments = `
SELECT (SELECT revision::float8 FROM segment_catalog) AS revision, coalesce(json_agg(json_build_object(
  'id', s.id, 'name', s.name, 'description', s.description, 'kind', s.kind, 'rule', s.rules, 'version', s.version,
  'isActive', s.is_active, 'isLeaving', s.is_leaving, 'inForce', json_build_object(
    'rule', s.in_force_rules, 'version', s.in_force_version, 'isActive', s.in_force_active),
  'recompute', CASE WHEN r.state IS NOT NULL THEN json_build_object(
    'state', CASE WHEN r.state IN ('telling', 'leaving') THEN 'telling' ELSE 'comparing' END,
    'done', r.done, 'total', greatest(r.total, r.done), 'startedAt', r.started_at) END,
  'createdAt', s.created_at, 'updatedAt', s.updated_at) ORDER BY s.name COLLATE "C"), '[]') AS segments
FROM customer_segments s LEFT JOIN segment_recomputes r ON r.segment_id = s.id`

interface SegmentsRow {
  readonly revision: number
  readonly segments: ReadonlyArray<unknown>
}

/** Reads all segments, in the order of their names. */
export const readSegments = (sql: SqlClient.SqlClient): Effect.Effect<SegmentsAt, SqlError.SqlError> =>
  Effect.map(sql.unsafe<SegmentsRow>(allSegments), ([row]) => ({
    revision: row?.revision ?? 0,
    segments: decode(row?.segments ?? []).map(segmentOf)
  }))

/** A segment in the JSON form that `saveSegment` reads. */
export const segmentRow = ({ createdAt, updatedAt, ...segment }: Segment) => ({
  ...segment,
  createdAt: DateTime.formatIso(createdAt),
  updatedAt: DateTime.formatIso(updatedAt)
})
