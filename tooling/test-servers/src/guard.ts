import { spawn } from "node:child_process"
import { once } from "node:events"

/** Cleans up when it is told to finish, and also when this process dies in whatever way, SIGKILL included. */
export interface Guard {
  /** Hands the guard's script one line. */
  readonly tell: (line: string) => void
  /** Lets the guard clean up now; resolves when it has. */
  readonly finish: () => Promise<void>
}

/**
 * Starts a shell script that reads lines from us and cleans up once its input ends. The system closes that pipe when
 * this process dies, so nothing here has to handle signals; its own session keeps a terminal's Ctrl-C from it.
 */
export const openGuard = (script: string, parameters: ReadonlyArray<string>): Guard => {
  const shell = spawn("/bin/sh", ["-c", script, "test-servers-guard", ...parameters], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"]
  })
  const closed = once(shell, "close")
  shell.stdin.on("error", () => {})
  shell.unref()
  return {
    tell: (line) => void shell.stdin.write(`${line}\n`),
    finish: async () => {
      shell.ref()
      shell.stdin.end()
      await closed
    }
  }
}
