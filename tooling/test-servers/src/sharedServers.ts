import { type Servers, startServers } from "./servers.ts"

interface Shared {
  readonly servers: Promise<Servers>
  readonly users: number
}

declare global {
  // Each Vitest project loads its own copy of this module, so what they share has to hang on the process.
  var customerServiceTestServers: Shared | undefined
}

const startAndTell = async (): Promise<Servers> => {
  const servers = await startServers()
  process.stderr.write(`Testing on ${servers.origin.postgres} and ${servers.origin.redis}\n`)
  return servers
}

/** The servers that all users in this process share; the first one starts them and says where they came from. */
export const joinServers = (): Promise<Servers> => {
  const shared = globalThis.customerServiceTestServers ?? { servers: startAndTell(), users: 0 }
  globalThis.customerServiceTestServers = { ...shared, users: shared.users + 1 }
  return shared.servers
}

/** Ends the servers when the last user leaves. */
export const leaveServers = async (): Promise<void> => {
  const shared = globalThis.customerServiceTestServers
  if (shared === undefined) return
  const users = shared.users - 1
  globalThis.customerServiceTestServers = users === 0 ? undefined : { ...shared, users }
  if (users === 0) await (await shared.servers).stop()
}
