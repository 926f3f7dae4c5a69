import { parseArgs } from "node:util"
import type { ServiceName } from "./services.ts"

/** The scenarios by name, in the order in which they run. */
export const scenarioNames = [
  "hot-read",
  "cold-read",
  "mixed",
  "create",
  "login-mix",
  "paced",
  "start",
  "relay",
  "consume",
  "list",
  "segments",
  "soak"
] as const
export type ScenarioName = (typeof scenarioNames)[number]

const unusual: ReadonlySet<ScenarioName> = new Set(["list", "segments", "soak"])
const usual = scenarioNames.filter((name) => !unusual.has(name))

/** What to run, and how. */
export interface Options {
  readonly scenarios: ReadonlyArray<ScenarioName>
  readonly services: ReadonlyArray<ServiceName>
  /** Another build of our service that takes the place of the peer: its main.js. */
  readonly earlier: string | undefined
  readonly rounds: number
  /** Length of a slice. */
  readonly seconds: number
  /** Length of the soak. */
  readonly soakSeconds: number
  /** How many customers there are whose segments are measured. */
  readonly customers: number
  readonly json: boolean
  readonly profile: boolean
}

export const help = `Usage: npm run bench -- [scenario…|all] [options]

Measures the built customer service beside the hand-tuned peer "bare", both alive, in alternating slices, on a
PostgreSQL and a Redis of their own. Limits are raised by configuration.

Scenarios: ${scenarioNames.join(", ")}
Without any: ${usual.join(", ")}

  --rounds N        slices of each service a scenario (default 4)
  --seconds N       seconds a slice (default 3)
  --soak-seconds N  seconds of the soak (default 600)
  --customers N     customers of the scenario segments (default 1000000)
  --only NAME       ours or bare: run one of the two alone
  --earlier PATH    measure beside another build of our service instead of bare: the apps/http/dist/main.js of a
                    checkout of another commit that was built in a directory of its own
  --json            print the report as JSON instead of a table; bench/results/latest.json has it in any case
  --profile         run the services with the CPU profiler, and print where their time goes
  --help            this text

Examples:
  npm run bench
  npm run bench -- hot-read --rounds 6
  npm run bench -- hot-read --only ours --profile
  npm run bench -- login-mix --only ours --seconds 10
  npm run bench -- hot-read --rounds 9 --earlier /tmp/before/apps/http/dist/main.js
  npm run bench -- segments --only ours
  npm run bench -- soak
`

/** What is wrong with the command line. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage"
}

const positive = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new WrongUsage(`--${name} must be a number above 0`)
  return value
}

const isScenario = (name: string): name is ScenarioName => (scenarioNames as ReadonlyArray<string>).includes(name)

const chosenScenarios = (names: ReadonlyArray<string>): ReadonlyArray<ScenarioName> => {
  if (names.length === 0) return usual
  if (names.includes("all")) return scenarioNames
  const unknown = names.filter((name) => !isScenario(name))
  if (unknown.length > 0) throw new WrongUsage(`Unknown scenario ${unknown.join(", ")}; --help lists them`)
  return scenarioNames.filter((name) => names.includes(name))
}

const chosenServices = (only: string | undefined, earlier: string | undefined): ReadonlyArray<ServiceName> => {
  if (only === undefined) return ["ours", earlier === undefined ? "bare" : "earlier"]
  if (earlier !== undefined) throw new WrongUsage("--only leaves nothing to measure beside --earlier")
  if (only !== "ours" && only !== "bare") throw new WrongUsage("--only takes ours or bare")
  return [only]
}

const parse = (parameters: ReadonlyArray<string>) => {
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        rounds: { type: "string", default: "4" },
        seconds: { type: "string", default: "3" },
        "soak-seconds": { type: "string", default: "600" },
        customers: { type: "string", default: "1000000" },
        only: { type: "string" },
        earlier: { type: "string" },
        json: { type: "boolean", default: false },
        profile: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    })
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error))
  }
}

/** Reads the command line; "help" where it asks for help. Throws {@link WrongUsage}. */
export const readOptions = (parameters: ReadonlyArray<string>): Options | "help" => {
  const { values, positionals } = parse(parameters)
  if (values.help) return "help"
  return {
    scenarios: chosenScenarios(positionals),
    services: chosenServices(values.only, values.earlier),
    earlier: values.earlier,
    rounds: Math.ceil(positive("rounds", values.rounds)),
    seconds: positive("seconds", values.seconds),
    soakSeconds: positive("soak-seconds", values["soak-seconds"]),
    customers: Math.ceil(positive("customers", values.customers)),
    json: values.json,
    profile: values.profile
  }
}
