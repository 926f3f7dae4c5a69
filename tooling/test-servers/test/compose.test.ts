import { readFile } from "node:fs/promises"
import { delimiter, join } from "node:path"

import { afterEach, describe, expect, vi } from "vitest"

import { dockerAnswers, startComposeServer } from "../src/compose.ts"
import { testInDirectory, writeProgram } from "./temporaryDirectory.ts"

afterEach(() => {
  vi.unstubAllEnvs()
})

const pretendDocker = async (directory: string, script: string): Promise<() => Promise<ReadonlyArray<string>>> => {
  const log = join(directory, "log")
  await writeProgram(
    join(directory, "docker"),
    `echo "$* \${REDIS_PORT:+port $REDIS_PORT}\${POSTGRES_PORT:+port $POSTGRES_PORT}" >> ${log}\n${script}`
  )
  vi.stubEnv("PATH", `${directory}${delimiter}${process.env["PATH"]}`)
  return async () => (await readFile(log, "utf8")).trim().split("\n")
}

const verbs = (commands: ReadonlyArray<string>): ReadonlyArray<string | undefined> =>
  commands.map((command) => /--project-name \S+ (?<verb>.*?) *(?:port \d+)?$/u.exec(command)?.groups?.["verb"])

describe("dockerAnswers", () => {
  testInDirectory("when the daemon answers and Compose is there", async ({ directory }) => {
    await pretendDocker(directory, "exit 0")
    expect(await dockerAnswers()).toBe(true)
  })

  testInDirectory("not when there is no daemon behind the program", async ({ directory }) => {
    await pretendDocker(directory, `[ "$1" != info ]`)
    expect(await dockerAnswers()).toBe(false)
  })

  testInDirectory("not when Compose is not there", async ({ directory }) => {
    await pretendDocker(directory, `[ "$1" != compose ]`)
    expect(await dockerAnswers()).toBe(false)
  })
})

describe("startComposeServer", () => {
  testInDirectory("starts one service, keeps its port, and takes everything down at the end", async ({ directory }) => {
    const commands = await pretendDocker(directory, "exit 0")
    const redis = await startComposeServer("redis", {})
    await redis.stop()
    await redis.start()
    await redis.kill()
    await redis.destroy()
    const run = await commands()
    expect(verbs(run)).toEqual([
      "up --detach --wait --quiet-pull redis",
      "stop redis",
      "up --detach --wait --quiet-pull redis",
      "kill redis",
      "down --volumes --timeout 1"
    ])
    const port = new URL(redis.url).port
    expect(run.filter((command) => command.endsWith(`port ${port}`))).toHaveLength(4)
  })

  testInDirectory("starts a Redis that appends to a file", async ({ directory }) => {
    const commands = await pretendDocker(directory, `echo "$REDIS_PARAMETERS" >> ${join(directory, "log")}`)
    const redis = await startComposeServer("redis", { appendFsync: "everysec" })
    await redis.destroy()
    expect(await commands()).toContain("--appendonly yes --appendfsync everysec")
  })

  testInDirectory("says what Docker said when it does not start, and takes it down", async ({ directory }) => {
    const commands = await pretendDocker(directory, `case "$*" in *up*) echo 'no such image' >&2; exit 1;; esac`)
    await expect(startComposeServer("postgres", {})).rejects.toThrow("no such image")
    expect(verbs(await commands())).toContain("down --volumes --timeout 1")
  })
})
