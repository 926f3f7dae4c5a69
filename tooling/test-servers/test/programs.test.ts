import { mkdir, symlink } from "node:fs/promises"
import { join } from "node:path"

import { describe, expect, test } from "vitest"

import { findPrograms, isNewEnough, programDirectories, versionIn } from "../src/programs.ts"
import { testInDirectory, writeProgram } from "./temporaryDirectory.ts"

const placePostgres = async (directory: string, version: string): Promise<string> => {
  await writeProgram(join(directory, "postgres"), `echo 'postgres (PostgreSQL) ${version}'`)
  await writeProgram(join(directory, "initdb"), "exit 1")
  return directory
}

describe("versionIn", () => {
  test.each([
    ["postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18"],
    ["postgres (PostgreSQL) 18beta1", "18beta1"],
    ["Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=9c1b", "7.0.15"],
    ["command not found", undefined]
  ])("reads %j as %j", (output, version) => {
    expect(versionIn(output)).toBe(version)
  })
})

test.each([
  ["postgres", "14.13", false],
  ["postgres", "9.6", false],
  ["postgres", "15.0", true],
  ["redis", "6.2.14", false],
  ["redis", "7.0.0", true],
  ["redis", "10.1.0", true]
] as const)("%s %s is new enough: %s", (server, version, expected) => {
  expect(isNewEnough(server, version)).toBe(expected)
})

describe("programDirectories", () => {
  testInDirectory("keeps the order of PATH, then the usual places with the newest first", async ({ directory }) => {
    const onPath = await placePostgres(join(directory, "bin"), "16.1")
    const nine = await placePostgres(join(directory, "lib/9/bin"), "9.6")
    const fifteen = await placePostgres(join(directory, "lib/15/bin"), "15.1")
    const found = await programDirectories("postgres", `${directory}:${onPath}`, [join(directory, "lib/*/bin")])
    expect(found).toEqual([onPath, fifteen, nine])
  })

  testInDirectory("follows a lone link to the directory with the programs beside it", async ({ directory }) => {
    const real = await placePostgres(join(directory, "real"), "15.1")
    const links = join(directory, "links")
    await mkdir(links)
    await symlink(join(real, "postgres"), join(links, "postgres"))
    expect(await programDirectories("postgres", links, [])).toEqual([real])
  })

  testInDirectory("leaves out a server without the programs it needs", async ({ directory }) => {
    await writeProgram(join(directory, "postgres"), "exit 0")
    expect(await programDirectories("postgres", directory, [])).toEqual([])
  })
})

describe("findPrograms", () => {
  testInDirectory("passes over what is too old, and says so", async ({ directory }) => {
    const old = await placePostgres(join(directory, "old"), "14.9")
    const current = await placePostgres(join(directory, "current"), "17.2")
    expect(await findPrograms("postgres", [old, current])).toEqual({
      found: { directory: current, version: "17.2", origin: `PostgreSQL 17.2 from ${current}` },
      passedOver: [`PostgreSQL 14.9 from ${old}`]
    })
  })

  testInDirectory("ignores a program that does not say its version", async ({ directory }) => {
    await writeProgram(join(directory, "redis-server"), "exit 1")
    expect(await findPrograms("redis", [directory])).toEqual({ passedOver: [] })
  })
})
