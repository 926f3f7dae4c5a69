import { Migrations, PostgresClient } from "@customer-service/adapters-postgres"
import { Effect, Redacted } from "effect"
import { withClient } from "./database.ts"

// Foreign keys hold by construction; checking each of a million rows would take most of the time.
const withoutForeignKeys = "SET session_replication_role = replica"

/** The id of customer `n`, as SQL; `seededCustomers.ts` makes the same. */
export const id = "('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
export const firstNames =
  "(ARRAY['Ada','Alan','Barbara','Claude','Donald','Edsger','Frances','Grace','Hedy','Katherine'])"
export const lastNames =
  "(ARRAY['Allen','Dijkstra','Goldberg','Hamilton','Hopper','Johnson','Knuth','Lamarr','Liskov','Lovelace','Shannon','Turing'])"

/** One customer a 90 s, back from a fixed day, so that every run sees the same table. */
const createdAt = "(timestamptz '2025-06-01 00:00:00Z' - n * interval '90 seconds')"

/** Fills the table of customers, created when an SQL expression of `n` says. */
export const customersCreated = (at: string): string => `
  INSERT INTO customers (id, email, first_name, last_name, customer_type, status, email_verified,
    registration_source, created_at, updated_at)
  SELECT ${id}, 'customer' || n || '@example.com', ${firstNames}[1 + n % 10], ${lastNames}[1 + n / 10 % 12],
    CASE WHEN n % 20 = 0 THEN 'business' ELSE 'individual' END,
    CASE WHEN n % 50 = 0 THEN 'suspended' WHEN n % 10 = 0 THEN 'pending' ELSE 'active' END,
    n % 3 > 0, 'web', ${at}, ${at}
  FROM generate_series($1::int, $2::int) AS n`

const statements: ReadonlyArray<string> = [
  customersCreated(createdAt),

  `INSERT INTO customer_profiles (customer_id, phone, phone_e164, date_of_birth, gender, profile_data, created_at,
    updated_at)
  SELECT ${id}, '+1-202-555-' || lpad((100 + n % 100)::text, 4, '0'), '+1202555' || lpad((100 + n % 100)::text, 4, '0'),
    date '1950-01-01' + n % 18000, (ARRAY['female','male','other','prefer_not_to_say'])[1 + n % 4],
    jsonb_build_object('loyaltyCard', 'LC' || n, 'avatar', 'https://images.example.com/avatars/' || n || '.jpg'),
    ${createdAt}, ${createdAt}
  FROM generate_series($1::int, $2::int) AS n`,

  `INSERT INTO customer_preferences (customer_id, language, currency, timezone, custom_preferences, created_at,
    updated_at)
  SELECT ${id}, (ARRAY['en','de','fr'])[1 + n % 3], (ARRAY['USD','EUR'])[1 + n % 2],
    (ARRAY['America/New_York','Europe/Berlin'])[1 + n % 2], '{"theme":"dark"}', ${createdAt}, ${createdAt}
  FROM generate_series($1::int, $2::int) AS n`,

  `INSERT INTO customer_metrics (customer_id, updated_at)
  SELECT ${id}, ${createdAt} FROM generate_series($1::int, $2::int) AS n`,

  // None to three addresses each: a shipping default, a billing default, and one more to ship to.
  `INSERT INTO customer_addresses (customer_id, type, first_name, last_name, address_line_1, city, state_province,
    postal_code, country_code, is_default, created_at, updated_at)
  SELECT ${id}, CASE WHEN place = 2 THEN 'billing' ELSE 'shipping' END, ${firstNames}[1 + n % 10],
    ${lastNames}[1 + n / 10 % 12], n || ' Main Street', 'New York', 'NY', '10001', 'US', place < 3,
    ${createdAt} + place * interval '1 second', ${createdAt} + place * interval '1 second'
  FROM generate_series($1::int, $2::int) AS n, generate_series(1, n % 4) AS place`
]

const migrate = (databaseUrl: string): Promise<ReadonlyArray<string>> =>
  Effect.runPromise(
    Migrations.up.pipe(
      Effect.provide(
        PostgresClient.layer({
          url: Redacted.make(databaseUrl),
          replicaUrls: [],
          maxConnections: 1,
          idleConnections: 1,
          applicationName: "bench"
        })
      )
    )
  )

const urlOf = (serverUrl: string, name: string): string => {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

const create = (serverUrl: string, name: string, template: string): Promise<unknown> =>
  withClient(serverUrl, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`)
  )

/** Gives customers the password that another one has. */
export const sharePassword = (url: string, owner: string, others: ReadonlyArray<string>): Promise<unknown> =>
  withClient(url, (client) =>
    client.query(
      `INSERT INTO customer_credentials (customer_id, password_hash)
      SELECT other, c.password_hash FROM customer_credentials c, unnest($2::uuid[]) AS other WHERE c.customer_id = $1
      ON CONFLICT (customer_id) DO UPDATE SET password_hash = EXCLUDED.password_hash`,
      [owner, others]
    )
  )

/** The hash that a customer's password is stored as. */
export const passwordHash = (url: string, customer: string): Promise<string> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ hash: string }>(
      "SELECT password_hash AS hash FROM customer_credentials WHERE customer_id = $1",
      [customer]
    )
    const [row] = rows
    if (row === undefined) throw new Error(`Customer ${customer} has no password`)
    return row.hash
  })

/** Copies a database on the server of `serverUrl` while nobody uses it; answers the copy's URL. */
export const copyDatabase = async (serverUrl: string, template: string, name: string): Promise<string> => {
  await create(serverUrl, name, template)
  return urlOf(serverUrl, name)
}

/** Creates a database on the server of `serverUrl` and migrates it; answers its URL. */
export const createEmptyDatabase = async (serverUrl: string, name: string): Promise<string> => {
  await create(serverUrl, name, "template1")
  const url = urlOf(serverUrl, name)
  await migrate(url)
  return url
}

/** Fills a database by statements that take the numbers of the first and the last customer. */
export const fill = (url: string, customers: number, inserts: ReadonlyArray<string>): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(withoutForeignKeys)
    for (const insert of inserts) await client.query(insert, [1, customers])
    await client.query("VACUUM (ANALYZE)")
  })

/**
 * Creates a database on the server of `serverUrl`, migrates it and fills it with `customers` customers; answers its
 * URL. `seededCustomers.ts` tells their ids.
 */
export const createDatabase = async (serverUrl: string, name: string, customers: number): Promise<string> => {
  const url = await createEmptyDatabase(serverUrl, name)
  await fill(url, customers, statements)
  return url
}
