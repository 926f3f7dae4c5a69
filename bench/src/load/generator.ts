import { workloads } from "../workloads/makeWorkload.ts"
import { closedLoop } from "./closedLoop.ts"
import { pacedLoop } from "./pacedLoop.ts"
import type { GeneratorReply, StreamSpec } from "./StreamSpec.ts"
import type { StreamResult } from "./Tally.ts"

const workloadOf = workloads()

const run = ({ target, workload, load, seconds }: StreamSpec): Promise<StreamResult> => {
  const made = workloadOf(workload, target)
  return load.mode === "closed"
    ? closedLoop(target, made, load.connections, seconds)
    : pacedLoop(target, made, { ...load, seconds })
}

const reply = (answer: GeneratorReply): void => void process.send?.(answer)

process.on("message", (streams: ReadonlyArray<StreamSpec>) => {
  Promise.all(streams.map(run)).then(
    (results) => reply({ results }),
    (error: unknown) => reply({ problem: String(error) })
  )
})
process.once("disconnect", () => process.exit())
