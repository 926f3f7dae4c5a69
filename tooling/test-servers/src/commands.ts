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

export const runCommand: RunCommand = (program, parameters, { environment = {}, timeout = 0 } = {}) =>
  new Promise((resolve) => {
    const settings = { env: { ...process.env, ...environment }, timeout, maxBuffer: 64 * 1024 * 1024 }
    const child = execFile(program, parameters, settings, (error, stdout, stderr) => {
      resolve({ code: exitCode(error), stdout, stderr })
    })
    child.stdin?.end()
  })
