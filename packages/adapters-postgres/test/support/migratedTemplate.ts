import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import type { TestProject } from "vitest/node"
import * as Migrations from "../../src/Migrations.ts"
import { clientOf, execute } from "./servers.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Name of a migrated database that nobody is connected to: what test databases are cloned from. */
    templateDatabase: string
  }
}

/** Migrates one database for the whole run, and drops it at the end. */
const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const { databaseUrl } = project.getProvidedContext()
  const name = `template_${randomBytes(6).toString("hex")}`
  await Effect.runPromise(execute(databaseUrl, `CREATE DATABASE ${name}`))
  await Effect.runPromise(Effect.provide(Migrations.up, clientOf(databaseUrl, name)))
  project.provide("templateDatabase", name)
  return () => Effect.runPromise(execute(databaseUrl, `DROP DATABASE ${name} WITH (FORCE)`))
}

export default setup
