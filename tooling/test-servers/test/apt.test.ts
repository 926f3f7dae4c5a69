import { access, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { describe, expect, test } from "vitest"

import { aptInstaller, candidateVersion, quietServicesScript } from "../src/apt.ts"
import { type RunCommand, runCommand } from "../src/commands.ts"
import { testInDirectory } from "./temporaryDirectory.ts"

const machine = (answers: { readonly sudo?: boolean; readonly candidates?: Readonly<Record<string, string>> }) => {
  const commands: Array<string> = []
  const run: RunCommand = async (program, parameters) => {
    const line = [program, ...parameters.filter((parameter) => parameter !== quietServicesScript)].join(" ")
    commands.push(line)
    const candidate = answers.candidates?.[parameters[1] ?? ""] ?? "(none)"
    const refused = program === "sudo" && answers.sudo !== true
    return { code: refused ? 1 : 0, stdout: `  Candidate: ${candidate}\n`, stderr: "" }
  }
  return { run, commands }
}

const debian = { postgresql: "15+248+deb12u1", "redis-server": "5:7.0.15-1~deb12u5" }

const install = "apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends"
const quietly = "env DEBIAN_FRONTEND=noninteractive sh -c sh /usr/sbin/policy-rc.d"

describe("aptInstaller", () => {
  test("as root, updates once and installs each package without recommendations", async () => {
    const { run, commands } = machine({ candidates: debian })
    const installServer = aptInstaller({ run, isRoot: true })
    expect(await installServer("postgres")).toBe(true)
    expect(await installServer("redis")).toBe(true)
    expect(commands).toEqual([
      "apt-get --version",
      "apt-get update",
      "apt-cache policy postgresql",
      `${quietly} ${install} postgresql`,
      "apt-get --version",
      "apt-cache policy redis-server",
      `${quietly} ${install} redis-server`
    ])
  })

  test("otherwise goes through sudo, which must not ask", async () => {
    const { run, commands } = machine({ candidates: debian, sudo: true })
    expect(await aptInstaller({ run, isRoot: false })("redis")).toBe(true)
    expect(commands).toEqual([
      "apt-get --version",
      "sudo -n true",
      "sudo -n apt-get update",
      "apt-cache policy redis-server",
      `sudo -n ${quietly} ${install} redis-server`
    ])
  })

  test("changes nothing where it may not", async () => {
    const { run, commands } = machine({ candidates: debian })
    expect(await aptInstaller({ run, isRoot: false })("redis")).toBe(false)
    expect(commands).toEqual(["apt-get --version", "sudo -n true"])
  })

  test("does not install a package that is too old", async () => {
    const { run, commands } = machine({ candidates: { postgresql: "14+238" } })
    expect(await aptInstaller({ run, isRoot: true })("postgres")).toBe(false)
    expect(commands.join("\n")).not.toContain(install)
  })

  test("says what it is going to install", async () => {
    const lines: Array<string> = []
    const { run } = machine({ candidates: debian })
    await aptInstaller({ run, isRoot: true, tell: (line) => void lines.push(line) })("redis")
    expect(lines).toEqual(["Installing redis-server 7.0.15 with apt-get"])
  })
})

test.each([
  ["postgresql:\n  Installed: (none)\n  Candidate: 15+248+deb12u1\n", "15"],
  ["redis-server:\n  Installed: (none)\n  Candidate: 5:7.0.15-1~deb12u5\n", "7.0.15"],
  ["postgresql:\n  Installed: (none)\n  Candidate: (none)\n", undefined],
  ["", undefined]
])("the candidate in %j is %j", (policy, version) => {
  expect(candidateVersion(policy)).toBe(version)
})

describe("quietServicesScript", () => {
  const runQuietly = (policy: string, ...command: ReadonlyArray<string>) =>
    runCommand("sh", ["-c", quietServicesScript, "sh", policy, ...command])

  testInDirectory("forbids starting services while the command runs, and only then", async ({ directory }) => {
    const policy = join(directory, "policy-rc.d")
    const { stdout, code } = await runQuietly(policy, "sh", "-c", `cat ${policy}; ${policy}; echo "says $?"; exit 7`)
    expect(stdout).toBe("#!/bin/sh\nexit 101\nsays 101\n")
    expect(code).toBe(7)
    await expect(access(policy)).rejects.toThrow("ENOENT")
  })

  testInDirectory("leaves a policy that is already there", async ({ directory }) => {
    const policy = join(directory, "policy-rc.d")
    await writeFile(policy, "the owner's")
    expect(await runQuietly(policy, "cat", policy)).toMatchObject({ code: 0, stdout: "the owner's" })
    expect(await readFile(policy, "utf8")).toBe("the owner's")
  })
})
