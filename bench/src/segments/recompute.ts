import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { withClient } from "../database.ts"
import { lastPosition } from "../events/backlog.ts"
import type { Surroundings } from "../services.ts"

/** What it took to recompute all segments, in a process of its own. */
export interface Recomputed {
  readonly label: string
  /** From the process's beginning to its end. */
  readonly seconds: number
  /** The most that was resident of the process; NaN where the machine does not tell. */
  readonly peakMegabytes: number
  /** Events of somebody who moved. */
  readonly moves: number
}

const program = fileURLToPath(new URL("../../../apps/cli/dist/main.js", import.meta.url))
const lookMillis = 50

/** The most that was resident of a process so far, in megabytes; NaN where nothing says. */
const peakOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "")
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

const run = async ({ databaseUrl, jwtSecret, redisUrl }: Surroundings, flags: ReadonlyArray<string>) => {
  if (!existsSync(program)) throw new Error(`${program} is missing: run the build first`)
  const child = spawn(process.execPath, [...flags, program, "segments", "recompute", "--json"], {
    env: {
      PATH: process.env["PATH"],
      NODE_ENV: "production",
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      JWT_SECRET: jwtSecret
    },
    stdio: ["ignore", "ignore", "pipe"]
  })
  let complaints = ""
  child.stderr.on("data", (data: Buffer) => (complaints = (complaints + data.toString()).slice(-2000)))
  const ended = once(child, "close")
  let peak = Number.NaN
  while (child.exitCode === null && child.signalCode === null) {
    const seen = await peakOf(child.pid ?? 0)
    if (!Number.isNaN(seen)) peak = seen
    await pause(lookMillis)
  }
  await ended
  if (child.exitCode !== 0) throw new Error(`segments recompute ended with ${child.exitCode}: ${complaints}`)
  return peak
}

/** Recomputes all segments by the command line, which nobody else is at meanwhile. */
export const recompute = async (
  label: string,
  surroundings: Surroundings,
  profileDirectory?: string
): Promise<Recomputed> => {
  const position = async () => Number(await withClient(surroundings.databaseUrl, lastPosition))
  const flags = profileDirectory === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileDirectory}`]
  const before = await position()
  const start = performance.now()
  const peakMegabytes = await run(surroundings, flags)
  const seconds = (performance.now() - start) / 1000
  return { label, seconds, peakMegabytes, moves: (await position()) - before }
}
