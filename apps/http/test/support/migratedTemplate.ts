import { Migrations, PostgresClient } from "@customer-service/adapters-postgres"
import { Effect, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { Client } from "pg"
import "@customer-service/test-servers/global-setup"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Name of a migrated database that nobody is connected to: what test databases are cloned from. */
    templateDatabase: string
  }
}

const run = async (databaseUrl: string, statement: string): Promise<void> => {
  const client = new Client(databaseUrl)
  await client.connect()
  await client.query(statement)
  await client.end()
}

const migrate = (databaseUrl: string): Promise<unknown> =>
  Effect.runPromise(
    Effect.provide(
      Migrations.up,
      PostgresClient.layer({
        url: Redacted.make(databaseUrl),
        replicaUrls: [],
        maxConnections: 1,
        idleConnections: 0,
        applicationName: "template"
      })
    )
  )

/** Migrates one database for the whole run, and drops it at the end. */
const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const { databaseUrl } = project.getProvidedContext()
  const name = `http_template_${randomBytes(6).toString("hex")}`
  await run(databaseUrl, `CREATE DATABASE ${name}`)
  const template = new URL(databaseUrl)
  template.pathname = `/${name}`
  await migrate(template.href)
  project.provide("templateDatabase", name)
  return () => run(databaseUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

export default setup
