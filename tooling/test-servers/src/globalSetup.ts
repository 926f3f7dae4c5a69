import type { TestProject } from "vitest/node"

import { ServersMissing } from "./choice.ts"
import type { Servers } from "./servers.ts"
import { joinServers, leaveServers } from "./sharedServers.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Address of a real PostgreSQL whose user may create databases. */
    databaseUrl: string
    /** Address of a real Redis. */
    redisUrl: string
  }
}

/** Vitest would bury the line under a stack trace and "No test files found". */
const exitWithLine = (error: unknown): never => {
  if (!(error instanceof ServersMissing)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}

const servers = (): Promise<Servers> => joinServers().catch(exitWithLine)

/** Starts both servers once, however many projects name this file, and ends them after the last. */
const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const { databaseUrl, redisUrl } = await servers()
  project.provide("databaseUrl", databaseUrl)
  project.provide("redisUrl", redisUrl)
  return leaveServers
}

export default setup
