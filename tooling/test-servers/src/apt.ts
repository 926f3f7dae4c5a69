import { type CommandResult, type RunCommand, runCommand } from "./commands.ts"
import { isNewEnough } from "./programs.ts"
import type { ServerName } from "./server.ts"

const packages: Readonly<Record<ServerName, string>> = { postgres: "postgresql", redis: "redis-server" }

const policyFile = "/usr/sbin/policy-rc.d"

/** Runs a command as root; undefined where we may not. */
const rootRunner = async (run: RunCommand, isRoot: boolean): Promise<RunCommand | undefined> => {
  if ((await run("apt-get", ["--version"])).code !== 0) return undefined
  if (isRoot) return run
  if ((await run("sudo", ["-n", "true"])).code !== 0) return undefined
  return (program, parameters, options) => run("sudo", ["-n", program, ...parameters], options)
}

/** The version apt-get would install ("15" of "15+248", "7.0.15" of "5:7.0.15-1"); undefined when it knows none. */
export const candidateVersion = (policy: string): string | undefined =>
  /Candidate: (?:\d+:)?(?<version>\d[\d.]*)/u.exec(policy)?.groups?.["version"]

/**
 * Runs a command while the distribution's scripts are told not to start the services they install. A policy that is
 * already there stays. One script does it all, so that the policy goes away again even if this process dies meanwhile.
 */
export const quietServicesScript = `
policy=$1
shift
if [ -e "$policy" ]; then exec "$@"; fi
trap 'rm -f "$policy"' EXIT
trap 'exit 1' HUP INT TERM
printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy" && "$@"
`

const install = (root: RunCommand, name: string): Promise<CommandResult> => {
  const patiently = ["-o", "DPkg::Lock::Timeout=120"]
  const command = ["apt-get", ...patiently, "install", "-y", "--no-install-recommends", name]
  const quietly = ["sh", "-c", quietServicesScript, "sh", policyFile, ...command]
  return root("env", ["DEBIAN_FRONTEND=noninteractive", ...quietly])
}

/** Installs a server's package; false where we may not, or where the package is too old or cannot be had. */
export type InstallServer = (server: ServerName) => Promise<boolean>

export interface AptSurroundings {
  readonly run?: RunCommand
  readonly isRoot?: boolean
  /** Is told what is going to be installed. */
  readonly tell?: (line: string) => void
}

export const aptInstaller = ({
  run = runCommand,
  isRoot = process.getuid?.() === 0,
  tell = () => {}
}: AptSurroundings): InstallServer => {
  let updated: Promise<CommandResult> | undefined
  return async (server) => {
    const root = await rootRunner(run, isRoot)
    if (root === undefined) return false
    updated ??= root("apt-get", ["update"])
    await updated
    const { stdout } = await run("apt-cache", ["policy", packages[server]])
    const version = candidateVersion(stdout)
    if (version === undefined || !isNewEnough(server, version)) return false
    tell(`Installing ${packages[server]} ${version} with apt-get`)
    return (await install(root, packages[server])).code === 0
  }
}
