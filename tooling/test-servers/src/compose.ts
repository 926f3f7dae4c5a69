import { randomBytes } from "node:crypto"
import { fileURLToPath } from "node:url"

import { type RunCommand, runCommand } from "./commands.ts"
import { openGuard } from "./guard.ts"
import { freePort, loopback } from "./ports.ts"
import { settingParameters } from "./postgres.ts"
import { appendParameters } from "./redis.ts"
import { type Server, type ServerName, type ServerOptions, requirements } from "./server.ts"

const composeFile = fileURLToPath(new URL("../../../compose.yaml", import.meta.url))

const removeProject = `
while read -r line; do :; done
exec docker compose --file "$1" --project-name "$2" down --volumes --timeout 1
`

/** Whether a Docker daemon answers and knows `docker compose`. */
export const dockerAnswers = async (run: RunCommand = runCommand): Promise<boolean> => {
  const { code } = await run("docker", ["info"], { timeout: 10_000 })
  return code === 0 && (await run("docker", ["compose", "version"], { timeout: 10_000 })).code === 0
}

interface ComposeSettings {
  readonly environment: Readonly<Record<string, string>>
  readonly url: string
}

const settingsFor = (server: ServerName, port: number, options: ServerOptions): ComposeSettings => {
  if (server === "redis") {
    return {
      environment: { REDIS_PORT: String(port), REDIS_PARAMETERS: appendParameters(options).join(" ") },
      url: `redis://${loopback}:${port}`
    }
  }
  const password = randomBytes(18).toString("hex")
  return {
    environment: {
      POSTGRES_PORT: String(port),
      POSTGRES_PASSWORD: password,
      POSTGRES_PARAMETERS: settingParameters(options).join(" ")
    },
    url: `postgres://postgres:${password}@${loopback}:${port}/postgres`
  }
}

/**
 * A server of its own as a Docker Compose project with a name nobody else has. The port is chosen here, since one that
 * Docker chooses would change with every start. Rejects with what Docker said.
 */
export const startComposeServer = async (
  server: ServerName,
  options: ServerOptions,
  run: RunCommand = runCommand
): Promise<Server> => {
  const project = `customer-service-test-${randomBytes(6).toString("hex")}`
  const { environment, url } = settingsFor(server, await freePort(), options)
  const guard = openGuard(removeProject, [composeFile, project])

  const compose = async (...parameters: ReadonlyArray<string>): Promise<void> => {
    const all = ["compose", "--file", composeFile, "--project-name", project, ...parameters, server]
    const { code, stderr } = await run("docker", all, { environment })
    if (code !== 0) throw new Error(`docker compose ${parameters[0]} ${server} failed:\n${stderr.trim()}`)
  }
  const start = () => compose("up", "--detach", "--wait", "--quiet-pull")

  await start().catch(async (error: unknown) => {
    await guard.finish()
    throw error
  })
  return {
    url,
    origin: `${requirements[server].title} from Docker Compose`,
    start,
    stop: () => compose("stop"),
    kill: () => compose("kill"),
    pause: () => compose("pause"),
    resume: () => compose("unpause"),
    destroy: guard.finish
  }
}
