import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { HashReply, HashSpec } from "./HashSpec.ts"

const program = fileURLToPath(new URL("./hasher.ts", import.meta.url))

/** CPU milliseconds of one password hash by itself, computed at a pace in a process of its own. */
export const measureHash = async (spec: HashSpec): Promise<number> => {
  const child = fork(program, [], { execArgv: process.execArgv })
  const ended = once(child, "exit")
  try {
    child.send(spec)
    const replied = Promise.race([
      once(child, "message"),
      ended.then(() => Promise.reject(new Error("The hasher ended unexpectedly")))
    ])
    const [reply] = (await replied) as [HashReply]
    if ("problem" in reply) throw new Error(`The hasher failed: ${reply.problem}`)
    return reply.cpuMillisPerHash
  } finally {
    if (child.connected) child.disconnect()
    await ended
  }
}
