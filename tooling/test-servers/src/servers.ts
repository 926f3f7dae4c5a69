import { aptInstaller } from "./apt.ts"
import {
  type Choice,
  type PrivateChoice,
  ServersMissing,
  type Surroundings,
  addressVariables,
  choose,
  choosePrivate
} from "./choice.ts"
import { dockerAnswers, startComposeServer } from "./compose.ts"
import { startPrivatePostgres } from "./postgres.ts"
import { findPrograms, programDirectories } from "./programs.ts"
import { startPrivateRedis } from "./redis.ts"
import type { PostgresOptions, RedisOptions, Server, ServerName, ServerOptions } from "./server.ts"

export interface Servers {
  /** Its user may create databases. */
  readonly databaseUrl: string
  readonly redisUrl: string
  /** The server behind `databaseUrl`; undefined when the address was given to us, as it is not ours to stop. */
  readonly postgres: Server | undefined
  /** The server behind `redisUrl`; undefined when the address was given to us. */
  readonly redis: Server | undefined
  /** Where each came from, for people to read. */
  readonly origin: Readonly<Record<ServerName, string>>
  /** Ends and removes what was started here, and nothing else. */
  readonly stop: () => Promise<void>
}

const tellPeople = (line: string): void => void process.stderr.write(`${line}\n`)

const surroundings: Surroundings = {
  address: (server) => process.env[addressVariables[server]],
  search: async (server) => findPrograms(server, await programDirectories(server, process.env["PATH"] ?? "")),
  dockerAnswers: () => dockerAnswers(),
  install: aptInstaller({ tell: tellPeople })
}

const startPrivate = (server: ServerName, choice: PrivateChoice, options: ServerOptions): Promise<Server> => {
  if (choice.from === "compose") return startComposeServer(server, options)
  const start = server === "postgres" ? startPrivatePostgres : startPrivateRedis
  return start(choice.programs, options)
}

interface Answering {
  readonly url: string
  readonly origin: string
  readonly own: Server | undefined
}

const answering = async (server: ServerName, choice: Choice, options: ServerOptions): Promise<Answering> => {
  if (choice.from === "address") return { url: choice.url, origin: choice.origin, own: undefined }
  const own = await startPrivate(server, choice, options)
  return { url: own.url, origin: own.origin, own }
}

const destroyAll = async (servers: ReadonlyArray<Server | undefined>): Promise<void> => {
  await Promise.all(servers.map((server) => server?.destroy()))
}

/** Both or none: when one does not start, the other is ended again. */
const startBoth = async (
  starting: readonly [Promise<Answering>, Promise<Answering>]
): Promise<readonly [Answering, Answering]> => {
  try {
    return await Promise.all(starting)
  } catch (error) {
    const settled = await Promise.allSettled(starting)
    await destroyAll(settled.map((outcome) => (outcome.status === "fulfilled" ? outcome.value.own : undefined)))
    throw error
  }
}

/**
 * PostgreSQL and Redis, from the first that there is of: TEST_DATABASE_URL and TEST_REDIS_URL, the machine's programs,
 * Docker Compose, the distribution's packages. Rejects with `ServersMissing` when there is none of them.
 */
export const startServers = async (options: ServerOptions = {}): Promise<Servers> => {
  const choices = [await choose("postgres", surroundings), await choose("redis", surroundings)] as const
  const [postgresChoice, redisChoice] = choices
  if (postgresChoice.from === "nowhere" || redisChoice.from === "nowhere") throw new ServersMissing(choices)
  const [postgres, redis] = await startBoth([
    answering("postgres", postgresChoice, options),
    answering("redis", redisChoice, options)
  ])
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    postgres: postgres.own,
    redis: redis.own,
    origin: { postgres: postgres.origin, redis: redis.origin },
    stop: () => destroyAll([postgres.own, redis.own])
  }
}

const startOwn = async (server: ServerName, options: ServerOptions): Promise<Server> => {
  const choice = await choosePrivate(server, surroundings)
  if (choice.from === "nowhere") throw new ServersMissing([choice])
  return startPrivate(server, choice, options)
}

/** Another PostgreSQL that the caller alone uses, to stop, freeze or lose in mid-run. */
export const startPostgres = (options: PostgresOptions = {}): Promise<Server> => startOwn("postgres", options)

/** Another Redis that the caller alone uses, to stop, freeze or lose in mid-run. */
export const startRedis = (options: RedisOptions = {}): Promise<Server> => startOwn("redis", options)
