import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as PostgresClient from "../../src/PostgresClient.ts"

/** The address of a database on the server of `url`. */
export const urlOf = (url: string, database: string): string => {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}

/** How the service would reach a database, with few connections. */
export const optionsOf = (url: string): PostgresClient.PostgresOptions => ({
  url: Redacted.make(url),
  replicaUrls: [],
  maxConnections: 5,
  idleConnections: 0,
  applicationName: "customer-service-tests"
})

/** The service's own client of a database on the server of `url`. */
export const clientOf = (url: string, database: string) => PostgresClient.layer(optionsOf(urlOf(url, database)))

/** Runs one statement on the server's own database. */
export const execute = (url: string, statement: string) =>
  Effect.orDie(
    Effect.asVoid(
      Effect.provide(
        Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)),
        PostgresClient.layer(optionsOf(url))
      )
    )
  )
