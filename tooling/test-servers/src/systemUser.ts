import { tmpdir } from "node:os"

import { type RunCommand, runCommand } from "./commands.ts"

/** The system user a server runs as where it must not be ours. */
export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

const numericId = async (flag: "-u" | "-g", user: string, run: RunCommand): Promise<number | undefined> => {
  const { code, stdout } = await run("id", [flag, user])
  return code === 0 ? Number(stdout) : undefined
}

/** The user for a server that refuses to run as root: undefined when we are not root. */
export const unprivilegedUser = async (run: RunCommand = runCommand): Promise<SystemUser | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ["postgres", "_postgres", "nobody"]) {
    const uid = await numericId("-u", user, run)
    const gid = await numericId("-g", user, run)
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Error("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

/** Where the user's data may stand: /tmp is open to all where root's own may not be, and /var/tmp is on a real disk. */
export const temporaryParent = (user: SystemUser | undefined, durable: boolean): string => {
  if (durable) return "/var/tmp"
  return user === undefined ? tmpdir() : "/tmp"
}
