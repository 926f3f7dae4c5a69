import { randomBytes } from "node:crypto"
import { chown, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { freePort, loopback } from "./ports.ts"
import { type PrivateDirectory, makePrivateDirectory } from "./privateDirectory.ts"
import { runToEnd, startProcess } from "./privateProcess.ts"
import type { Programs } from "./programs.ts"
import type { PostgresOptions, Server } from "./server.ts"
import { type SystemUser, temporaryParent, unprivilegedUser } from "./systemUser.ts"

const superuser = "postgres"

const forgetful = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "256MB" }
const lasting = { shared_buffers: "1GB", max_wal_size: "4GB" }

/** What we change of PostgreSQL's own settings, as `-c name=value` parameters. */
export const settingParameters = ({ durable = false }: PostgresOptions): ReadonlyArray<string> =>
  Object.entries({ max_connections: "300", ...(durable ? lasting : forgetful) }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`
  ])

// Order by code point, letters by Unicode: the same answers on every machine.
const localeParameters = [
  "--encoding=UTF8",
  "--locale=C",
  `--lc-ctype=${process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8"}`
]

interface Cluster {
  readonly programs: Programs
  readonly directory: PrivateDirectory
  readonly user: SystemUser | undefined
  readonly data: string
}

const createCluster = async ({ programs, directory, user, data }: Cluster, password: string): Promise<void> => {
  const passwordFile = join(directory.path, "password")
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid)
  const access = ["--username", superuser, "--auth=scram-sha-256", "--pwfile", passwordFile]
  await runToEnd({
    program: join(programs.directory, "initdb"),
    parameters: ["--pgdata", data, "--no-sync", "--no-instructions", ...localeParameters, ...access],
    directory,
    user,
    endSignal: "SIGQUIT"
  })
  await rm(passwordFile)
}

/** PostgreSQL writes its pid on the first line of this file and its state on the eighth. */
const saysReady = async (data: string, pid: number): Promise<boolean> => {
  const lines = (await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n")
  return lines[0] === String(pid) && lines[7]?.trim() === "ready"
}

const runCluster = async (
  { programs, directory, user, data }: Cluster,
  password: string,
  options: PostgresOptions
): Promise<Server> => {
  const port = await freePort()
  const place = ["-D", data, "-p", String(port), "-c", `listen_addresses=${loopback}`, "-c", "unix_socket_directories="]
  return startProcess({
    program: join(programs.directory, "postgres"),
    parameters: [...place, ...settingParameters(options)],
    directory,
    user,
    endSignal: "SIGQUIT",
    url: `postgres://${superuser}:${password}@${loopback}:${port}/postgres`,
    origin: programs.origin,
    isReady: (pid) => saysReady(data, pid)
  })
}

/** A PostgreSQL of our own from the programs on this machine. Rejects with the end of its log when it does not start. */
export const startPrivatePostgres = async (programs: Programs, options: PostgresOptions): Promise<Server> => {
  const user = await unprivilegedUser()
  const directory = await makePrivateDirectory("postgres", temporaryParent(user, options.durable ?? false), user)
  const cluster = { programs, directory, user, data: join(directory.path, "data") }
  const password = randomBytes(18).toString("hex")
  try {
    await createCluster(cluster, password)
    return await runCluster(cluster, password, options)
  } catch (error) {
    await directory.guard.finish()
    throw error
  }
}
