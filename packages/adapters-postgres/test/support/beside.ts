import { OrderMetrics } from "@customer-service/core/testing"
import { BigDecimal, Effect, Layer, Option, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import * as PgConsentLedger from "../../src/PgConsentLedger.ts"
import * as PgCredentials from "../../src/PgCredentials.ts"
import * as PgCustomerAnalytics from "../../src/PgCustomerAnalytics.ts"
import * as PgCustomerStandings from "../../src/PgCustomerStandings.ts"
import * as PgCustomerTimeline from "../../src/PgCustomerTimeline.ts"
import * as PgEventJournal from "../../src/PgEventJournal.ts"
import * as PgInbox from "../../src/PgInbox.ts"
import * as PgMailQueue from "../../src/PgMailQueue.ts"
import * as PgOutbox from "../../src/PgOutbox.ts"
import * as PgPersonalDataStore from "../../src/PgPersonalDataStore.ts"
import * as PgRuleMatches from "../../src/PgRuleMatches.ts"
import * as PgSegmentMemberships from "../../src/PgSegmentMemberships.ts"
import * as PgSegmentRecomputes from "../../src/PgSegmentRecomputes.ts"
import * as PgSegmentStore from "../../src/PgSegmentStore.ts"
import * as PgVerificationTokens from "../../src/PgVerificationTokens.ts"
import * as ReadReplicas from "../../src/ReadReplicas.ts"
import { repository, twoProcesses } from "./repository.ts"

interface MetricsRow {
  readonly tier: "regular" | "premium" | "vip"
  readonly segment: "vip" | "high_value" | "wholesale" | "new_customer" | "regular"
  readonly loyaltyPoints: number
  readonly totalSpent: string
  readonly orderCount: number
  readonly averageOrderValue: string
}

/** What a customer's orders have come to, in its table. */
const orderMetrics = Layer.effect(
  OrderMetrics,
  Effect.map(SqlClient.SqlClient, (sql) => ({
    record: (id, { averageOrderValue, loyaltyPoints, orderCount, segment, tier, totalSpent }) =>
      Effect.orDie(
        Effect.asVoid(sql`
          UPDATE customer_metrics SET tier = ${tier}, segment = ${segment}, loyalty_points = ${loyaltyPoints},
            order_count = ${orderCount}, total_spent = ${BigDecimal.format(totalSpent)}::text::numeric,
            average_order_value = ${BigDecimal.format(averageOrderValue)}::text::numeric
          WHERE customer_id = ${id}`)
      ),
    kept: (id) =>
      Effect.map(
        Effect.orDie(sql<MetricsRow>`
          SELECT tier, segment, loyalty_points::float8 AS "loyaltyPoints", order_count AS "orderCount",
            total_spent::text AS "totalSpent", average_order_value::text AS "averageOrderValue"
          FROM customer_metrics WHERE customer_id = ${id}`),
        ([row]) =>
          Option.map(Option.fromUndefinedOr(row), (found) => ({
            ...found,
            totalSpent: BigDecimal.fromStringUnsafe(found.totalSpent),
            averageOrderValue: BigDecimal.fromStringUnsafe(found.averageOrderValue)
          }))
      )
  }))
)

/** The ports beside the repository, without it. */
const ports = Layer.mergeAll(
  PgConsentLedger.layer,
  PgCredentials.layer,
  PgCustomerAnalytics.layer,
  PgCustomerStandings.layer,
  PgCustomerTimeline.layer,
  PgEventJournal.layer,
  PgInbox.layer,
  PgMailQueue.layer,
  PgOutbox.layer,
  PgPersonalDataStore.layer({ key: Redacted.make("a key of the tests alone") }),
  PgRuleMatches.layer,
  PgSegmentMemberships.layer,
  PgSegmentRecomputes.layer,
  PgSegmentStore.layer,
  PgVerificationTokens.layer,
  orderMetrics
).pipe(Layer.provide(ReadReplicas.layerPrimary), Layer.provide(SecureRandom.layerWebCrypto))

/** The repository with everything beside it, over one database. */
export const everything = Layer.mergeAll(repository(), ports)

/** Everything over one database, where changes of customers are written by two processes in turn. */
export const everythingInTwoProcesses = Layer.provideMerge(ports, twoProcesses)

/** Recomputes over the same database, as another process would go on with them. */
export const anotherRecomputer = Layer.provide(PgSegmentRecomputes.layer, SecureRandom.layerWebCrypto)
