import { execFile } from "node:child_process"

export interface CommandResult {
  /** Exit code; 127 when the program could not be started or took too long. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** Milliseconds after which the program is ended. Default: none. */
  readonly timeout?: number
  readonly directory?: string
  /** Ends the program when it is given up. */
  readonly signal?: AbortSignal | undefined
  /** Is told the process as soon as it runs. */
  readonly onStart?: (pid: number) => void
}

/** Runs a program to its end. Never rejects: a failure is a code other than 0. */
export type RunCommand = (
  program: string,
  parameters: ReadonlyArray<string>,
  options?: CommandOptions
) => Promise<CommandResult>

const exitCode = (error: { readonly code?: string | number | null | undefined } | null): number => {
  if (error === null) return 0
  return typeof error.code === "number" ? error.code : 127
}

export const runCommand: RunCommand = (program, parameters, options = {}) =>
  new Promise((resolve) => {
    const { environment = {}, timeout = 0, directory: cwd, signal } = options
    const settings = { env: { ...process.env, ...environment }, timeout, cwd, signal, maxBuffer: 64 * 1024 * 1024 }
    const child = execFile(program, parameters, settings, (error, stdout, stderr) => {
      resolve({ code: exitCode(error), stdout, stderr })
    })
    child.stdin?.end()
    if (child.pid !== undefined) options.onStart?.(child.pid)
  })
