import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { vi } from "vitest"
import { send } from "./requests.ts"
import type { Service } from "./service.ts"
import { jwtSecret } from "./tokens.ts"

/** The service as a process of its own, with what it printed. */
export interface ServiceProcess extends Service {
  /** Everything that it has printed so far. */
  readonly output: () => string
  readonly standardOutput: () => string
  readonly standardError: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  /** Its exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>
}

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

/** What one process has compiled the next need not compile again. */
const compileCache = fileURLToPath(new URL("../../node_modules/.cache/node", import.meta.url))

const alive = new Set<ChildProcess>()

// A run that is broken off leaves nobody to stop them.
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL")
})

const spawnService = (variables: Readonly<Record<string, string>>): ChildProcess =>
  spawn(process.execPath, ["--conditions=@customer-service/source", main], {
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: compileCache, ...variables },
    stdio: ["ignore", "pipe", "pipe"]
  })

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Runs the service with these variables and nothing else; resolves at once. */
export const runService = async (variables: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
  const port = variables["SERVICE_PORT"] ?? String(await freePort())
  const child = spawnService({ SERVICE_PORT: port, ...variables })
  const printed = { out: "", err: "", all: "" }
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed.out += text
    printed.all += text
  })
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    printed.err += text
    printed.all += text
  })
  alive.add(child)
  const exited = once(child, "close").then(([code]): number | null => {
    alive.delete(child)
    return code
  })
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    send: (method, path, parts) => send(url, method, path, parts),
    output: () => printed.all,
    standardOutput: () => printed.out,
    standardError: () => printed.err,
    kill: (signal) => void child.kill(signal),
    exited,
    stop: async () => {
      child.kill("SIGTERM")
      await exited
    }
  }
}

/** Resolves when the condition holds; tells what the service printed when it does not come to that. */
const untilOutput = async (service: ServiceProcess, isThere: () => boolean | Promise<boolean>): Promise<void> => {
  const gone = service.exited.then((code) => {
    throw new Error(`The service ended with ${code}:\n${service.output()}`)
  })
  await Promise.race([vi.waitUntil(isThere, { timeout: 30_000 }), gone])
}

const answers = async (service: Service, path: string): Promise<number> =>
  service.send("GET", path).then(
    ({ status }) => status,
    () => 0
  )

/** Resolves when the process listens. */
export const untilLive = (service: ServiceProcess): Promise<void> =>
  untilOutput(service, async () => (await answers(service, "/health/live")) === 200)

/** Resolves when the process is ready. */
export const untilReady = (service: ServiceProcess): Promise<void> =>
  untilOutput(service, async () => (await answers(service, "/health/ready")) === 200)

/** Variables of a process that signs and verifies with the tests' secret. */
export const withSecret = { JWT_SECRET: jwtSecret }

/** Runs the service as a process of its own; resolves when it is ready. */
export const startProcess = async (variables: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
  const service = await runService({ ...withSecret, ...variables })
  await untilReady(service)
  return service
}
