import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { closeSync, openSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"

import type { PrivateDirectory } from "./privateDirectory.ts"
import { killTree } from "./processTree.ts"
import type { Server } from "./server.ts"
import type { SystemUser } from "./systemUser.ts"

export interface ProgramPlan {
  readonly program: string
  readonly parameters: ReadonlyArray<string>
  /** All the environment it gets. Default: ours. */
  readonly environment?: Readonly<Record<string, string>>
  readonly directory: PrivateDirectory
  readonly user?: SystemUser | undefined
  /** The signal that ends it at once, whatever becomes of its data. */
  readonly endSignal: "SIGQUIT" | "SIGKILL"
}

export interface ServerPlan extends ProgramPlan {
  readonly url: string
  readonly origin: string
  readonly isReady: (pid: number) => Promise<boolean>
}

interface Running {
  readonly child: ChildProcess
  readonly exited: Promise<unknown>
}

const startTimeout = 60_000

const logFile = (plan: ProgramPlan): string => join(plan.directory.path, "server.log")

const failure = (plan: ProgramPlan): Error => {
  const lastLines = readFileSync(logFile(plan), "utf8").trimEnd().split("\n").slice(-5).join("\n")
  return new Error(`${basename(plan.program)} did not start:\n${lastLines}`)
}

const launch = (plan: ProgramPlan): Running => {
  const log = openSync(logFile(plan), "a", 0o600)
  const child = spawn(plan.program, plan.parameters, {
    cwd: plan.directory.path,
    detached: true,
    stdio: ["ignore", log, log],
    env: plan.environment ?? process.env,
    ...plan.user
  })
  closeSync(log)
  child.on("error", () => {})
  plan.directory.guard.tell(child.pid === undefined ? "" : `${child.pid} ${plan.endSignal.slice("SIG".length)}`)
  return { child, exited: once(child, "exit").catch(() => undefined) }
}

/** Runs a program that prepares the directory; rejects with the end of its log when it fails. */
export const runToEnd = async (plan: ProgramPlan): Promise<void> => {
  const { child, exited } = launch(plan)
  await exited
  plan.directory.guard.tell("")
  if (child.exitCode !== 0) throw failure(plan)
}

const hasExited = ({ child }: Running): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null

const untilReady = async (plan: ServerPlan, running: Running): Promise<void> => {
  const deadline = performance.now() + startTimeout
  while (running.child.pid === undefined || !(await plan.isReady(running.child.pid))) {
    if (hasExited(running) || performance.now() > deadline) throw failure(plan)
    await delay(10)
  }
}

/** Starts the process and resolves when it is ready; rejects with the end of its log when it does not get there. */
export const startProcess = async (plan: ServerPlan): Promise<Server> => {
  const { guard } = plan.directory
  let running: Running | undefined

  const start = async (): Promise<void> => {
    if (running !== undefined && !hasExited(running)) return
    running = launch(plan)
    await untilReady(plan, running)
    running.child.unref()
  }
  const endBy = async (means: (child: ChildProcess) => unknown): Promise<void> => {
    if (running === undefined) return
    running.child.ref()
    await means(running.child)
    await running.exited
    guard.tell("")
    running = undefined
  }
  const end = (signal: NodeJS.Signals): Promise<void> =>
    endBy((child) => {
      child.kill(signal)
      child.kill("SIGCONT")
    })
  const destroy = async (): Promise<void> => {
    await end(plan.endSignal)
    await guard.finish()
  }
  const send = async (signal: NodeJS.Signals): Promise<void> => {
    running?.child.kill(signal)
  }

  await start().catch(async (error: unknown) => {
    await destroy()
    throw error
  })
  return {
    url: plan.url,
    origin: plan.origin,
    start,
    stop: () => end("SIGINT"),
    kill: () => endBy(killTree),
    pause: () => send("SIGSTOP"),
    resume: () => send("SIGCONT"),
    destroy
  }
}
