import { constants } from "node:fs"
import { access, glob, realpath } from "node:fs/promises"
import { delimiter, dirname, join } from "node:path"

import { type RunCommand, runCommand } from "./commands.ts"
import { type ServerName, requirements } from "./server.ts"

/** A server's programs, new enough to use. */
export interface Programs {
  readonly directory: string
  readonly version: string
  /** Title, version and place, for people to read. */
  readonly origin: string
}

export interface ProgramSearch {
  readonly found?: Programs
  /** What was found too old, for people to read. */
  readonly passedOver: ReadonlyArray<string>
}

const programNames: Readonly<Record<ServerName, { readonly server: string; readonly beside: ReadonlyArray<string> }>> =
  {
    postgres: { server: "postgres", beside: ["initdb"] },
    redis: { server: "redis-server", beside: [] }
  }

const homebrew = ["/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"]

const usualPlaces: Readonly<Record<ServerName, ReadonlyArray<string>>> = {
  postgres: [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    ...homebrew.flatMap((prefix) => [`${prefix}/opt/postgresql@*/bin`, `${prefix}/bin`])
  ],
  redis: ["/usr/bin", ...homebrew.map((prefix) => `${prefix}/bin`)]
}

const newestFirst = new Intl.Collator("en", { numeric: true })

const matches = async (pattern: string): Promise<ReadonlyArray<string>> => {
  const paths = await Array.fromAsync(glob(pattern))
  return paths.sort((one, other) => newestFirst.compare(other, one))
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false
  )

/** A lone link to the server may stand on PATH while the programs it needs are only where the link leads. */
const withLinkedDirectory = async (directory: string, program: string): Promise<ReadonlyArray<string>> => {
  const path = join(directory, program)
  const linked = await realpath(path).catch(() => path)
  return [directory, dirname(linked)]
}

const hasAll = async (directory: string, programs: ReadonlyArray<string>): Promise<boolean> => {
  const found = await Promise.all(programs.map((program) => isExecutable(join(directory, program))))
  return found.every(Boolean)
}

/** Directories that hold all of a server's programs: those of `searchPath` first, then the usual places. */
export const programDirectories = async (
  server: ServerName,
  searchPath: string,
  places: ReadonlyArray<string> = usualPlaces[server]
): Promise<ReadonlyArray<string>> => {
  const programs = programNames[server]
  const listed = searchPath.split(delimiter).filter((directory) => directory !== "")
  const usual = (await Promise.all(places.map(matches))).flat()
  const candidates = await Promise.all(
    [...listed, ...usual].map((directory) => withLinkedDirectory(directory, programs.server))
  )
  const complete: Array<string> = []
  for (const directory of new Set(candidates.flat())) {
    if (await hasAll(directory, [programs.server, ...programs.beside])) complete.push(directory)
  }
  return complete
}

/** The version in what `--version` prints: "15.14", "7.0.15", "18beta1"; undefined when it prints none. */
export const versionIn = (output: string): string | undefined =>
  /(?:\(PostgreSQL\) |\bv=)(?<version>\d[\w.]*)/u.exec(output)?.groups?.["version"]

/** Whether a version ("15.14") reaches the oldest major version that will do. */
export const isNewEnough = (server: ServerName, version: string): boolean =>
  Number.parseInt(version, 10) >= requirements[server].minimum

/** The first of `directories` whose server is new enough. */
export const findPrograms = async (
  server: ServerName,
  directories: ReadonlyArray<string>,
  run: RunCommand = runCommand
): Promise<ProgramSearch> => {
  const passedOver: Array<string> = []
  for (const directory of directories) {
    const { stdout } = await run(join(directory, programNames[server].server), ["--version"], { timeout: 10_000 })
    const version = versionIn(stdout)
    if (version === undefined) continue
    const origin = `${requirements[server].title} ${version} from ${directory}`
    if (isNewEnough(server, version)) return { found: { directory, version, origin }, passedOver }
    passedOver.push(origin)
  }
  return { passedOver }
}
