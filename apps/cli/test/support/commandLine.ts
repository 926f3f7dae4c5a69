import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** What a command left behind. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

type Variables = Readonly<Record<string, string>>

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

/** A secret that production takes. */
export const jwtSecret = "a-secret-of-the-tests-that-is-long-enough"

// Every run loads the same modules.
const quicker = { NODE_COMPILE_CACHE: fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url)) }

/**
 * Runs a command to its end with these variables and nothing else of this process's environment, `input` on its stdin.
 */
export const run = (parameters: ReadonlyArray<string>, variables: Variables = {}, input = ""): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = { PATH: process.env["PATH"], ...quicker, ...variables }
    const child = execFile(
      process.execPath,
      ["--conditions=@customer-service/source", main, ...parameters],
      { cwd: tmpdir(), env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
    )
    // A command that reads nothing may be gone already.
    child.stdin?.on("error", () => {}).end(input)
  })

/** A directory of the running test file, and how to remove it. */
export const temporaryDirectory = async () => {
  const path = await mkdtemp(join(tmpdir(), "customer-service-cli-"))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
