import { verify } from "@node-rs/argon2"
import { intendedAt, type Pace } from "../load/pacing.ts"
import type { HashReply, HashSpec } from "./HashSpec.ts"

/** Computes hashes one after the other at a pace, and nothing else; answers the CPU milliseconds of each. */
const measure = async ({ password, perSecond, seconds, stored }: HashSpec): Promise<number> => {
  if (!(await verify(stored, password))) throw new Error("the password does not match the stored hash")
  const before = process.cpuUsage()
  const pace: Pace = { start: performance.now(), perSecond, requests: Math.round(perSecond * seconds) }
  for (let index = 0; index < pace.requests; index++) {
    const early = intendedAt(pace, index) - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    await verify(stored, password)
  }
  const { system, user } = process.cpuUsage(before)
  return (system + user) / 1000 / pace.requests
}

const reply = (answer: HashReply): void => void process.send?.(answer)

process.on("message", (spec: HashSpec) => {
  measure(spec).then(
    (cpuMillisPerHash) => reply({ cpuMillisPerHash }),
    (error: unknown) => reply({ problem: String(error) })
  )
})
process.once("disconnect", () => process.exit())
