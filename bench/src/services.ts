import { type ChildProcess, spawn } from "node:child_process"
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs"
import { once } from "node:events"
import { createServer } from "node:net"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type ServiceMetrics, readMetrics } from "./serviceMetrics.ts"

/** Ours, the hand-tuned peer, and another build of ours. */
export type ServiceName = "ours" | "bare" | "earlier"

/** Where a service finds its database and cache, and the secret of its tokens. */
export interface Surroundings {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly jwtSecret: string
  /** Where it listens on loopback. Default: a port that is free. */
  readonly port?: number
  /** Environment variables beside those that every service gets. */
  readonly settings?: Readonly<Record<string, string>>
  /** The built program. Default: the one in this workspace. */
  readonly program?: string | undefined
}

/** A running service. */
export interface Service {
  readonly name: ServiceName
  readonly port: number
  /** From its spawn to its first answer of being ready. */
  readonly startMillis: number
  readonly metrics: () => Promise<ServiceMetrics>
  /** Lets it finish, as a deployment would. */
  readonly stop: () => Promise<void>
}

const fromBench = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

const built = fromBench("../apps/http/dist/main.js")
const programs: Readonly<Record<ServiceName, string>> = { ours: built, bare: fromBench("dist/bare.js"), earlier: built }

/** Node's flags, as `npm start` gives them: a young generation of V8's own choice is kept at its largest for good. */
const ourFlags = ["--max-semi-space-size=16"]
const nodeFlags: Readonly<Record<ServiceName, ReadonlyArray<string>>> = { ours: ourFlags, bare: [], earlier: ourFlags }

/** Where results, logs and profiles go. */
export const resultsDirectory = fromBench("results")

/** A loopback port that nobody listens on. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === "string") throw new Error("No port could be had on 127.0.0.1")
  return address.port
}

const environmentOf = (port: number, { databaseUrl, redisUrl, jwtSecret, settings }: Surroundings) => ({
  PATH: process.env["PATH"],
  NODE_ENV: "production",
  HOST: "127.0.0.1",
  SERVICE_PORT: String(port),
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  JWT_SECRET: jwtSecret,
  MIGRATE_ON_START: "false",
  RATE_LIMIT_PER_MINUTE: "1000000000",
  RATE_LIMIT_CLIENT_PER_MINUTE: "1000000000",
  LOGIN_FAILURES_PER_ADDRESS: "1000000000",
  ...settings
})

const isReady = async (port: number): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200
  } catch {
    return false
  }
}

const longestStartMillis = 30_000

const untilReady = async (child: ChildProcess, port: number, describe: string): Promise<number> => {
  const start = performance.now()
  while (!(await isReady(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${describe} ended while it started`)
    if (performance.now() - start > longestStartMillis) throw new Error(`${describe} is not ready after 30 s`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return performance.now() - start
}

const running = new Set<ChildProcess>()

// However the bench ends, none of them stays behind.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL")
})

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit")
    child.kill("SIGTERM")
    await ended
  }
  running.delete(child)
}

const profiler = (directory: string): ReadonlyArray<string> => ["--cpu-prof", `--cpu-prof-dir=${directory}`]

/**
 * Starts the built service or the built peer; resolves when it is ready. With a profile directory it writes a CPU
 * profile there when it is stopped.
 */
export const startService = async (
  name: ServiceName,
  surroundings: Surroundings,
  profileDirectory?: string
): Promise<Service> => {
  const program = surroundings.program ?? programs[name]
  if (!existsSync(program)) throw new Error(`${program} is missing: run the build first`)
  const port = surroundings.port ?? (await freePort())
  mkdirSync(resultsDirectory, { recursive: true })
  const logFile = join(resultsDirectory, `${name}.log`)
  const log = openSync(logFile, "a")
  const flags = [...nodeFlags[name], ...(profileDirectory === undefined ? [] : profiler(profileDirectory))]
  const child = spawn(process.execPath, [...flags, program], {
    env: environmentOf(port, surroundings),
    stdio: ["ignore", log, log]
  })
  running.add(child)
  closeSync(log)
  try {
    const startMillis = await untilReady(child, port, `${name} (log in ${logFile})`)
    return { name, port, startMillis, metrics: () => readMetrics(port), stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw error
  }
}
