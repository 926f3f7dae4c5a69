import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { GeneratorReply, StreamSpec } from "./StreamSpec.ts"
import type { StreamResult } from "./Tally.ts"

/** A process of its own that sends requests and measures how long they take. */
export interface LoadGenerator {
  /** Runs streams at once; resolves when all are done, with a result for each. Rejects with what went wrong. */
  readonly run: (streams: ReadonlyArray<StreamSpec>) => Promise<ReadonlyArray<StreamResult>>
  readonly stop: () => Promise<void>
}

const program = fileURLToPath(new URL("./generator.ts", import.meta.url))

const nextReply = (child: ChildProcess): Promise<GeneratorReply> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(new Error("The load generator ended unexpectedly"))
    child.once("exit", ended)
    child.once("message", (reply) => {
      child.off("exit", ended)
      resolve(reply as GeneratorReply)
    })
  })

export const startLoadGenerator = (): LoadGenerator => {
  const child = fork(program, [], { execArgv: process.execArgv })
  return {
    run: async (streams) => {
      const replied = nextReply(child)
      child.send(streams)
      const reply = await replied
      if ("problem" in reply) throw new Error(`The load generator failed: ${reply.problem}`)
      return reply.results
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, "exit")
      child.disconnect()
      await ended
    }
  }
}
