import { randomBytes } from "node:crypto"
import { tmpdir } from "node:os"
import { setTimeout as delay } from "node:timers/promises"

import { type RunCommand, runCommand } from "../commands.ts"
import { openGuard } from "../guard.ts"
import { makePrivateDirectory } from "../privateDirectory.ts"
import { daprVersion } from "./build.ts"
import type { DaprdOptions, Sidecar } from "./options.ts"
import { type SidecarPlan, planSidecar } from "./plan.ts"
import { isReady } from "./readiness.ts"
import { writeResources } from "./resources.ts"

const startTimeout = 60_000

const resourcesInside = "/resources"

const removeContainer = `
while read -r line; do :; done
exec docker rm --force "$1"
`

const image = async (): Promise<string> => `daprio/daprd:${await daprVersion()}`

/** Docker Desktop runs containers on a machine of its own, whose loopback is not ours. */
const sharesLoopback = async (run: RunCommand): Promise<boolean> => {
  const { code, stdout } = await run("docker", ["info", "--format", "{{.OperatingSystem}}"], { timeout: 10_000 })
  return code === 0 && !stdout.includes("Docker Desktop")
}

/** Whether a Docker daemon answers and has the official image, or could fetch it. */
export const dockerOffersDaprd = async (run: RunCommand = runCommand): Promise<boolean> => {
  if (!(await sharesLoopback(run))) return false
  const name = await image()
  if ((await run("docker", ["image", "inspect", name])).code === 0) return true
  return (await run("docker", ["pull", "--quiet", name])).code === 0
}

// The container's user is nobody we know; ours alone can read the private directory.
const ourselves = (): ReadonlyArray<string> =>
  process.getuid === undefined || process.getgid === undefined
    ? []
    : ["--user", `${process.getuid()}:${process.getgid()}`]

/** Values stay in the environment of the client, where no list of processes shows them. */
const creation = async (name: string, plan: SidecarPlan, resources: string): Promise<ReadonlyArray<string>> => {
  const variables = Object.keys(plan.environment).flatMap((variable) => ["--env", variable])
  const place = ["--network", "host", "--volume", `${resources}:${resourcesInside}:ro`, ...ourselves()]
  return ["create", "--name", name, ...place, ...variables, await image(), "/daprd", ...plan.parameters]
}

/**
 * A sidecar from the official image, in a container with a name nobody else has, on the machine's own network. Rejects
 * with what Docker or the sidecar said.
 */
export const startDockerDaprd = async (options: DaprdOptions, run: RunCommand = runCommand): Promise<Sidecar> => {
  const name = `customer-service-test-${randomBytes(6).toString("hex")}`
  const directory = await makePrivateDirectory("daprd", tmpdir())
  const guard = openGuard(removeContainer, [name])
  const plan = await planSidecar(options, resourcesInside)

  const docker = async (...parameters: ReadonlyArray<string>): Promise<void> => {
    const { code, stderr } = await run("docker", parameters, { environment: plan.environment })
    if (code !== 0) throw new Error(`docker ${parameters[0]} failed:\n${stderr.trim()}`)
  }
  const isRunning = async (): Promise<boolean> =>
    (await run("docker", ["inspect", "--format", "{{.State.Running}}", name])).stdout.trim() === "true"
  const failure = async (): Promise<Error> => {
    const { stdout, stderr } = await run("docker", ["logs", "--tail", "5", name])
    return new Error(`daprd did not start:\n${stdout}${stderr}`.trimEnd())
  }
  const start = async (): Promise<void> => {
    await docker("start", name)
    const deadline = performance.now() + startTimeout
    while (!(await isReady(plan))) {
      if (!(await isRunning()) || performance.now() > deadline) throw await failure()
      await delay(10)
    }
  }
  const destroy = async (): Promise<void> => {
    await guard.finish()
    await directory.guard.finish()
  }
  const create = async (): Promise<void> => {
    await docker(...(await creation(name, plan, await writeResources(options, directory.path))))
    await start()
  }

  await create().catch(async (error: unknown) => {
    await destroy()
    throw error
  })
  return {
    httpPort: plan.httpPort,
    url: plan.url,
    origin: `Dapr ${await daprVersion()} from Docker`,
    start,
    stop: () => docker("stop", name),
    kill: () => docker("kill", name),
    pause: () => docker("pause", name),
    resume: () => docker("unpause", name),
    destroy
  }
}
