import {
  type Customer,
  type Figures,
  Instant,
  SegmentLabel,
  type StandingPolicy,
  type StandingRecord,
  Tier,
  type TierChange
} from "@customer-service/core"
import { BigDecimal, DateTime, Schema } from "effect"
import { type CustomerRow, customerOf } from "./CustomerRow.ts"

const overrideOf = <S extends Schema.Constraint>(value: S) =>
  Schema.Struct({
    value,
    reason: Schema.String,
    by: Schema.String,
    at: Instant,
    expiresAt: Schema.optional(Instant)
  })

const Record = Schema.Struct({
  lastOrderAt: Schema.optional(Instant),
  premiumSince: Schema.optional(Instant),
  vipSince: Schema.optional(Instant),
  highValueSince: Schema.optional(Instant),
  tierOverride: Schema.optional(overrideOf(Tier)),
  segmentOverride: Schema.optional(overrideOf(SegmentLabel)),
  reviewAt: Schema.optional(Instant),
  updatedAt: Instant
})

const FiguresRow = Schema.Struct({
  totalSpent: Schema.BigDecimalFromString,
  orderCount: Schema.Int,
  loyaltyPoints: Schema.Int,
  lastOrderAt: Schema.optional(Instant),
  premiumSince: Schema.optional(Instant),
  vipSince: Schema.optional(Instant),
  highValueSince: Schema.optional(Instant)
})

const decodeRecord = Schema.decodeUnknownSync(Record)
const encodeRecord = Schema.encodeSync(Record)
const decodeFigures = Schema.decodeUnknownSync(FiguresRow)

/** A customer with what stands behind her standing. */
export interface StandingRow extends CustomerRow {
  readonly record: unknown
}

/** The standing that a row holds. */
export const standingOf = ({ record, ...row }: StandingRow) => ({
  customer: customerOf(row),
  record: decodeRecord(record)
})

/** The figures that a row holds. */
export const figuresIn = (row: unknown): Figures => decodeFigures(row)

/** Thresholds as the parameters of a statement: premium, VIP, high value. */
export const thresholds = ({ highValueFrom, premiumFrom, vipFrom }: StandingPolicy): ReadonlyArray<string> =>
  [premiumFrom, vipFrom, highValueFrom].map(BigDecimal.format)

/**
 * A customer's standing in the JSON form that `saveStandings.ts` reads. She herself gets her new version where
 * `versionBefore` says which one she has.
 */
export const standingRow = (
  { id, segment, updatedAt: changedAt, version }: Customer,
  record: StandingRecord,
  versionBefore?: number
) => {
  const { updatedAt, ...rest } = encodeRecord(record)
  return {
    ...rest,
    ...segment,
    id,
    totalSpent: BigDecimal.format(segment.totalSpent),
    averageOrderValue: BigDecimal.format(segment.averageOrderValue),
    standingAt: updatedAt,
    version,
    versionBefore,
    updatedAt: DateTime.formatIso(changedAt)
  }
}

/** A line of the tier history in the same form. */
export const tierChangeRow = (
  customerId: Customer["id"],
  { achievedAt, at, by, cause, from, reason, to }: TierChange
) => ({
  customerId,
  from,
  to,
  cause,
  reason,
  by,
  achievedAt: DateTime.formatIso(achievedAt),
  at: DateTime.formatIso(at)
})
