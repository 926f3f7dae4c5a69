import { homedir } from "node:os"
import { delimiter, join } from "node:path"

import { type RunCommand, runCommand } from "../commands.ts"
import type { DaprdSearch } from "./choice.ts"

/** Where `dapr init` puts it. */
const usualPlace = join(homedir(), ".dapr", "bin")

const atMost10Seconds = { timeout: 10_000 } as const

interface Version {
  readonly major: number
  readonly minor: number
}

const versionIn = (output: string, pattern: RegExp): Version | undefined => {
  const groups = pattern.exec(output)?.groups
  return groups === undefined ? undefined : { major: Number(groups["major"]), minor: Number(groups["minor"]) }
}

// From 1.17 on a message whose handler fails is not delivered again.
const redelivers = ({ major, minor }: Version): boolean => major === 1 && minor >= 14 && minor <= 16

/** The first daprd of `searchPath` (as PATH), or where `dapr init` puts it, of a version that the tests are for. */
export const findDaprd = async (
  searchPath: string,
  place: string = usualPlace,
  run: RunCommand = runCommand
): Promise<DaprdSearch> => {
  const passedOver: Array<string> = []
  const directories = [...searchPath.split(delimiter).filter((directory) => directory !== ""), place]
  for (const directory of new Set(directories)) {
    const program = join(directory, "daprd")
    const output = (await run(program, ["--version"], atMost10Seconds)).stdout.trim()
    const version = versionIn(output, /^v?(?<major>\d+)\.(?<minor>\d+)\./u)
    if (version === undefined) continue
    const origin = `Dapr ${output} from ${directory}`
    if (redelivers(version)) return { found: { program, origin }, passedOver }
    passedOver.push(origin)
  }
  return { passedOver }
}

const buildsIt = ({ major, minor }: Version): boolean => major > 1 || (major === 1 && minor >= 26)

/** The Go on PATH when it is new enough to build the sidecar. */
export const findGo = async (run: RunCommand = runCommand): Promise<string | undefined> => {
  const settings = { ...atMost10Seconds, environment: { GOTOOLCHAIN: "local" } }
  const version = versionIn((await run("go", ["version"], settings)).stdout, /\bgo(?<major>\d+)\.(?<minor>\d+)/u)
  return version !== undefined && buildsIt(version) ? "go" : undefined
}

/** A Python on PATH that has pip. */
export const findPython = async (run: RunCommand = runCommand): Promise<string | undefined> => {
  for (const python of ["python3", "python"]) {
    if ((await run(python, ["-m", "pip", "--version"], atMost10Seconds)).code === 0) return python
  }
  return undefined
}
