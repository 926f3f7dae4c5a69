import { randomBytes } from "node:crypto"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import { type Servers, startServers } from "@customer-service/test-servers"
import { figureRow, figures } from "./figures.ts"
import { startLoadGenerator } from "./load/LoadGenerator.ts"
import { help, type Options, readOptions, WrongUsage } from "./options.ts"
import { profileLines } from "./profile.ts"
import { renderReport, table } from "./report.ts"
import type { Bench, ScenarioReport } from "./scenarios/Bench.ts"
import { scenarios } from "./scenarios/index.ts"
import { copyDatabase, createDatabase } from "./seed.ts"
import { customers } from "./seededCustomers.ts"
import { resultsDirectory, type Service, startService } from "./services.ts"
import { makeTokens } from "./tokens.ts"
import { using } from "./using.ts"

const profiles = join(resultsDirectory, "profile")

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const tell = (line: string): void => void process.stderr.write(`${line}\n`)

const profileDirectoryOf = ({ profile }: Options): string | undefined => (profile ? profiles : undefined)

const startAll = async (options: Options, surroundings: Bench["surroundings"]): Promise<ReadonlyArray<Service>> => {
  const services: Array<Service> = []
  try {
    for (const name of options.services) {
      services.push(await startService(name, surroundings[name], profileDirectoryOf(options)))
    }
    return services
  } catch (error) {
    await stopAll(services)
    throw error
  }
}

const stopAll = (services: ReadonlyArray<Service>) => Promise.all(services.map((service) => service.stop()))

const runScenarios = async (bench: Bench): Promise<ReadonlyArray<ScenarioReport>> => {
  const reports: Array<ScenarioReport> = []
  for (const name of bench.options.scenarios) {
    bench.tell(`Running ${name}`)
    reports.push(await scenarios[name](bench))
  }
  return reports
}

/** A database and a Redis database for each service; the databases are equal to the page. */
const prepare = async (
  { databaseUrl: serverUrl, redisUrl }: Servers,
  jwtSecret: string,
  { earlier }: Options
): Promise<Bench["surroundings"]> => {
  const ours = await createDatabase(serverUrl, "bench_ours", customers)
  const bare = await copyDatabase(serverUrl, "bench_ours", "bench_bare")
  const beside = { databaseUrl: bare, redisUrl: new URL("/1", redisUrl).href, jwtSecret }
  return {
    ours: { databaseUrl: ours, redisUrl: new URL("/0", redisUrl).href, jwtSecret },
    bare: beside,
    earlier: { ...beside, program: earlier }
  }
}

/** Starts servers, services and generator, runs the scenarios, and ends all that was started. */
const measure = (options: Options): Promise<ReadonlyArray<ScenarioReport>> =>
  using(
    startServers({ durable: true }),
    (servers) => servers.stop(),
    async (servers) => {
      const { databaseUrl, origin } = servers
      tell(`${origin.postgres}, ${origin.redis}; filling a database with ${customers.toLocaleString("en")} customers`)
      const jwtSecret = randomBytes(32).toString("base64url")
      const surroundings = await prepare(servers, jwtSecret, options)
      const tokens = await makeTokens(jwtSecret)
      return using(startAll(options, surroundings), stopAll, (services) =>
        using(
          Promise.resolve(startLoadGenerator()),
          (generator) => generator.stop(),
          (generator) =>
            runScenarios({
              options,
              services,
              surroundings,
              generator,
              tokens,
              databaseServerUrl: databaseUrl,
              profileDirectory: profileDirectoryOf(options),
              tell
            })
        )
      )
    }
  )

const machine = () => ({ node: process.version, cores: cpus().length, model: cpus()[0]?.model ?? "unknown" })

const report = (options: Options, reports: ReadonlyArray<ScenarioReport>): void => {
  const reached = figures(reports)
  const json = JSON.stringify({ at: new Date().toISOString(), machine: machine(), reports, figures: reached }, null, 2)
  writeFileSync(join(resultsDirectory, "latest.json"), json)
  if (options.json) return print(json)
  print(renderReport(reports))
  if (reached.length > 0) print(`\n${table([["figure", "measured", "wanted", ""], ...reached.map(figureRow)])}`)
  if (options.profile) print(profileLines(profiles).join("\n"))
}

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2))
  if (options === "help") return print(help)
  rmSync(profiles, { recursive: true, force: true })
  mkdirSync(resultsDirectory, { recursive: true })
  report(options, await measure(options))
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130))

main().catch((error: unknown) => {
  tell(error instanceof WrongUsage ? error.message : String(error instanceof Error ? error.stack : error))
  process.exitCode = error instanceof WrongUsage ? 2 : 1
})
