import { readFile } from "node:fs/promises"
import { delimiter, join } from "node:path"

import { afterEach, describe, expect, vi } from "vitest"

import { dockerOffersDaprd, startDockerDaprd } from "../../src/daprd/docker.ts"
import { testInDirectory, writeProgram } from "../temporaryDirectory.ts"

afterEach(() => {
  vi.unstubAllEnvs()
})

/** A `docker` first on PATH that writes down how it was called; answers what it wrote down. */
const pretendDocker = async (directory: string, script: string): Promise<() => Promise<ReadonlyArray<string>>> => {
  const log = join(directory, "log")
  await writeProgram(join(directory, "docker"), `echo "$*" >> ${log}\n${script}`)
  vi.stubEnv("PATH", `${directory}${delimiter}${process.env["PATH"]}`)
  return async () => (await readFile(log, "utf8")).trim().split("\n")
}

const verbs = (commands: ReadonlyArray<string>): ReadonlyArray<string | undefined> =>
  commands.map((command) => /^(?<verb>\S+)/u.exec(command)?.groups?.["verb"])

describe("dockerOffersDaprd", () => {
  testInDirectory("when the daemon answers and has the image", async ({ directory }) => {
    const commands = await pretendDocker(directory, "exit 0")
    expect(await dockerOffersDaprd()).toBe(true)
    expect(verbs(await commands())).toEqual(["info", "image"])
  })

  testInDirectory("when the image can be fetched", async ({ directory }) => {
    const commands = await pretendDocker(directory, `[ "$1" != image ]`)
    expect(await dockerOffersDaprd()).toBe(true)
    expect((await commands()).at(-1)).toMatch(/^pull --quiet daprio\/daprd:1\.\d+\.\d+$/u)
  })

  testInDirectory("not when the image cannot be had", async ({ directory }) => {
    await pretendDocker(directory, `[ "$1" = info ]`)
    expect(await dockerOffersDaprd()).toBe(false)
  })

  testInDirectory("not when there is no daemon behind the program", async ({ directory }) => {
    await pretendDocker(directory, "exit 1")
    expect(await dockerOffersDaprd()).toBe(false)
  })

  testInDirectory("not when its loopback is another machine's", async ({ directory }) => {
    await pretendDocker(directory, "echo Docker Desktop")
    expect(await dockerOffersDaprd()).toBe(false)
  })
})

/** Listens where the sidecar would, from `start` until it is ended. */
const sidecarInDocker = (directory: string): string => `
port=${join(directory, "port")} pid=${join(directory, "pid")}
case "$1" in
  create) echo "$*" | sed 's/.*--dapr-http-port=\\([0-9]*\\).*/\\1/' > $port; env > ${join(directory, "environment")} ;;
  start) ${process.execPath} -e 'require("node:http").createServer((_, answer) => answer.end())
    .listen(process.argv[1], "127.0.0.1")' "$(cat $port)" > /dev/null 2>&1 & echo $! > $pid ;;
  stop|kill|rm) kill -s KILL "$(cat $pid)" ;;
  inspect) echo true ;;
esac
exit 0`

const options = { redisUrl: "redis://127.0.0.1:6379", appPort: 8007, appApiToken: "open sesame" } as const

describe("startDockerDaprd", () => {
  testInDirectory("runs one container on this machine's network, and removes it at the end", async ({ directory }) => {
    const commands = await pretendDocker(directory, sidecarInDocker(directory))
    const daprd = await startDockerDaprd(options)
    await daprd.kill()
    await daprd.start()
    await daprd.stop()
    await daprd.destroy()
    const run = (await commands()).filter((command) => !command.startsWith("inspect"))
    expect(verbs(run)).toEqual(["create", "start", "kill", "start", "stop", "rm"])
    expect(run[0]).toContain("--network host")
    expect(run[0]).toContain("/daprd --mode=standalone")
    expect(daprd.origin).toMatch(/^Dapr 1\.\d+\.\d+ from Docker$/u)
  })

  testInDirectory("gives the token to the container where no list of processes shows it", async ({ directory }) => {
    const commands = await pretendDocker(directory, sidecarInDocker(directory))
    const daprd = await startDockerDaprd(options)
    await daprd.destroy()
    expect((await commands()).join("\n")).not.toContain("open sesame")
    expect(await readFile(join(directory, "environment"), "utf8")).toContain("APP_API_TOKEN=open sesame")
  })

  testInDirectory("says what the sidecar said when it does not start, and removes it", async ({ directory }) => {
    const commands = await pretendDocker(directory, `[ "$1" = logs ] && echo 'no such broker' || exit 0`)
    await expect(startDockerDaprd(options)).rejects.toThrow("daprd did not start:\nno such broker")
    expect(verbs(await commands()).at(-1)).toBe("rm")
  })
})
