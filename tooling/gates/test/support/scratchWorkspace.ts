import { execFile } from "node:child_process"
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

import { root } from "./workspace.ts"

interface Verdict {
  readonly passed: boolean
  readonly output: string
}

/** A workspace outside the repository, under the repository's own rules, gone when its scope ends. */
export interface ScratchWorkspace extends AsyncDisposable {
  /** Writes a source file, where in the repository it would stand. */
  readonly plant: (path: string, source: string) => Promise<void>
  readonly lint: () => Promise<Verdict>
  readonly typeCheck: () => Promise<Verdict>
}

const rules = [".oxlintrc.json", "tsconfig.base.json", "tsconfig.json"]

const run = (directory: string, tool: string, ...parameters: ReadonlyArray<string>): Promise<Verdict> =>
  new Promise((resolve) => {
    const program = join(root, "node_modules/.bin", tool)
    execFile(program, parameters, { cwd: directory }, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: stdout + stderr })
    })
  })

export const makeScratchWorkspace = async (): Promise<ScratchWorkspace> => {
  const directory = await mkdtemp(join(tmpdir(), "customer-service-gates-"))
  await Promise.all(rules.map((file) => copyFile(join(root, file), join(directory, file))))
  await writeFile(join(directory, "package.json"), `{ "type": "module" }`)
  return {
    plant: async (path, source) => {
      const target = join(directory, path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, source)
    },
    lint: () => run(directory, "oxlint", "--deny-warnings"),
    typeCheck: async () => {
      await symlink(join(root, "tooling/gates/node_modules"), join(directory, "node_modules"))
      return run(directory, "tsc", "-p", ".", "--types", "")
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true })
  }
}
