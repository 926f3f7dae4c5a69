import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, readFile, readdir, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { expect } from "vitest"

import { runCommand } from "../../src/commands.ts"
import { madeOnce } from "../../src/daprd/madeOnce.ts"
import { testInDirectory } from "../temporaryDirectory.ts"

const write =
  (content: string) =>
  (path: string): Promise<void> =>
    writeFile(path, content)

/** "S" of a process that sleeps, "Z" of one that has ended and waits to be collected, "" of one that is gone. */
const stateOf = async (pid: string): Promise<string> => {
  const { stdout } = await runCommand("ps", ["-o", "stat=", "-p", pid])
  return stdout.slice(0, 1)
}

testInDirectory("those who come while a file is made get the same file", async ({ directory }) => {
  const path = join(directory, "file")
  const { promise: told, resolve: finish } = Promise.withResolvers<void>()
  const first = madeOnce(path, async (unfinished) => {
    await write("first")(unfinished)
    await told
  })
  await expect.poll(() => readdir(directory)).toEqual(["file.lock"])
  const second = madeOnce(path, write("second"))
  finish()
  await Promise.all([first, second])
  expect(await readFile(path, "utf8")).toBe("first")
})

testInDirectory("when one fails another makes the file", async ({ directory }) => {
  const path = join(directory, "file")
  const failing = madeOnce(path, () => Promise.reject(new Error("disk full")))
  await expect(failing).rejects.toThrow("disk full")
  await madeOnce(path, write("later"))
  expect(await readFile(path, "utf8")).toBe("later")
})

testInDirectory("a lock that has given no sign of life is taken over", async ({ directory }) => {
  const path = join(directory, "file")
  await mkdir(`${path}.lock`)
  const longAgo = new Date(Date.now() - 120_000)
  await utimes(`${path}.lock`, longAgo, longAgo)
  await madeOnce(path, write("made"))
  expect(await readdir(directory)).toEqual(["file"])
})

testInDirectory("nothing goes on when the process that makes the file is killed", async ({ directory }) => {
  const module = new URL("../../src/daprd/madeOnce.ts", import.meta.url).href
  const program = `const { madeOnce } = await import("${module}")
    const { spawn } = await import("node:child_process")
    await madeOnce("${join(directory, "file")}", (path, watch) => new Promise((resolve, reject) => {
      const child = spawn("sleep", ["300"])
      child.once("exit", reject)
      watch(child.pid)
      process.stdout.write(String(child.pid))
    }))`
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const [worker] = await once(parent.stdout, "data")
  parent.kill("SIGKILL")
  await expect.poll(() => readdir(directory)).toEqual([])
  await expect.poll(() => stateOf(String(worker))).toMatch(/^Z?$/u)
})
