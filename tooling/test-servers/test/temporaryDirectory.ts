import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

import { test } from "vitest"

/** Writes a shell script that can be run under this path. */
export const writeProgram = async (path: string, script: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
}

/** A test that gets a directory of its own, removed when it ends. */
export const testInDirectory = test.extend<{ directory: string }>({
  directory: async ({ task: _task }, use) => {
    const directory = await realpath(await mkdtemp(join(tmpdir(), "test-servers-")))
    await use(directory)
    await rm(directory, { recursive: true })
  }
})
