import type { ChildProcess } from "node:child_process"
import { setTimeout as delay } from "node:timers/promises"

import { runCommand } from "./commands.ts"

interface ProcessEntry {
  readonly pid: number
  readonly parent: number
}

/** The processes of this machine that have not ended: one that only waits to be collected has. */
const livingProcesses = async (): Promise<ReadonlyArray<ProcessEntry>> => {
  const { stdout } = await runCommand("ps", ["-A", "-o", "pid=,ppid=,stat="])
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, state = "Z"] = line.trim().split(/\s+/u)
    return state.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent) }]
  })
}

const descendants = (processes: ReadonlyArray<ProcessEntry>, ancestor: number): ReadonlyArray<number> =>
  processes.filter(({ parent }) => parent === ancestor).flatMap(({ pid }) => [pid, ...descendants(processes, pid)])

const killIfLiving = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It ended in the meantime.
  }
}

const untilGone = async (pids: ReadonlyArray<number>): Promise<void> => {
  while ((await livingProcesses()).some(({ pid }) => pids.includes(pid))) await delay(10)
}

/**
 * Ends a process and all that it has started by SIGKILL, and resolves when the latter have ended. PostgreSQL's
 * processes leave the group of the one that started them, so they are found by their parents; it is stopped first, so
 * that no more of them come.
 */
export const killTree = async (root: ChildProcess): Promise<void> => {
  if (root.pid === undefined || !root.kill("SIGSTOP")) return
  const others = descendants(await livingProcesses(), root.pid)
  root.kill("SIGKILL")
  for (const pid of others) killIfLiving(pid)
  await untilGone(others)
}
