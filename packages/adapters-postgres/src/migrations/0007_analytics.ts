import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const statements = [
  // One row at most: the bounds that cut everybody who has ordered into fifths, as they were taken last.
  `CREATE TABLE rfm_quantiles (
    is_current BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (is_current),
    computed_at TIMESTAMPTZ(3) NOT NULL,
    base_size INTEGER NOT NULL,
    recency TIMESTAMPTZ(3)[] NOT NULL,
    frequency INTEGER[] NOT NULL,
    monetary NUMERIC(19, 4)[] NOT NULL
  )`,

  // Without them the planner expects as many months as there are customers, and sorts everybody to count them.
  `CREATE STATISTICS customers_registration_months ON (date_trunc('month', created_at AT TIME ZONE 'UTC')) FROM customers`
]

/** What customers' recency, frequency and spending are scored by. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
})
