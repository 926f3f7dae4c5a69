import { delimiter, join } from "node:path"

import { describe, expect, test } from "vitest"

import type { RunCommand } from "../../src/commands.ts"
import { findDaprd, findGo, findPython } from "../../src/daprd/programs.ts"
import { testInDirectory, writeProgram } from "../temporaryDirectory.ts"

const placeDaprd = async (directory: string, version: string): Promise<string> => {
  await writeProgram(join(directory, "daprd"), `echo '${version}'`)
  return directory
}

describe("findDaprd", () => {
  testInDirectory("takes the first on PATH that delivers again what failed", async ({ directory }) => {
    const old = await placeDaprd(join(directory, "old"), "1.13.6")
    const current = await placeDaprd(join(directory, "current"), "1.16.0")
    const other = await placeDaprd(join(directory, "other"), "1.14.4")
    const recent = await placeDaprd(join(directory, "recent"), "1.17.0")
    const searchPath = [old, recent, current, other].join(delimiter)
    expect(await findDaprd(searchPath, directory)).toEqual({
      found: { program: join(current, "daprd"), origin: `Dapr 1.16.0 from ${current}` },
      passedOver: [`Dapr 1.13.6 from ${old}`, `Dapr 1.17.0 from ${recent}`]
    })
  })

  testInDirectory("looks last where `dapr init` puts it", async ({ directory }) => {
    const place = await placeDaprd(join(directory, "bin"), "1.14.0")
    expect((await findDaprd(directory, place)).found?.program).toBe(join(place, "daprd"))
  })

  testInDirectory("ignores a program that does not say its version", async ({ directory }) => {
    await placeDaprd(directory, "edge")
    expect(await findDaprd(directory, directory)).toEqual({ passedOver: [] })
  })
})

const says =
  (stdout: string): RunCommand =>
  async () => ({ code: 0, stdout, stderr: "" })

test.each([
  ["go version go1.25.5 linux/amd64", undefined],
  ["go version go1.26 darwin/arm64", "go"],
  ["go version go1.27.3 linux/amd64", "go"],
  ["", undefined]
])("the Go that says %j is taken as %j", async (output, expected) => {
  expect(await findGo(says(output))).toBe(expected)
})

test("a Python without pip is not taken", async () => {
  const onlyPython: RunCommand = async (program) => ({ code: program === "python" ? 0 : 1, stdout: "", stderr: "" })
  expect(await findPython(onlyPython)).toBe("python")
  expect(await findPython(async () => ({ code: 1, stdout: "", stderr: "No module named pip" }))).toBeUndefined()
})
