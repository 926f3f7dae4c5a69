import { chown, mkdtemp } from "node:fs/promises"
import { join } from "node:path"

import { type Guard, openGuard } from "./guard.ts"
import type { SystemUser } from "./systemUser.ts"

/** A directory (0700) that is removed, with the process that works in it, when its guard finishes. */
export interface PrivateDirectory {
  readonly path: string
  readonly guard: Guard
}

const removeDirectory = `
pid= signal=
while read -r line_pid line_signal; do pid=$line_pid signal=$line_signal; done
if [ -n "$pid" ] && kill -s "$signal" "$pid"; then
  kill -s CONT "$pid"
  tries=0
  while kill -s 0 "$pid" && [ "$tries" -lt 60 ]; do
    case "$(ps -o stat= -p "$pid")" in Z*) break ;; esac
    sleep 0.05
    tries=$((tries + 1))
  done
  kill -s KILL "$pid"
fi
rm -rf -- "$1"
`

/**
 * Makes the directory. Its guard takes lines with the pid now at work in it and the signal (`QUIT`) to end it by,
 * or an empty line when none is.
 */
export const makePrivateDirectory = async (
  name: string,
  parent: string,
  owner?: SystemUser
): Promise<PrivateDirectory> => {
  const path = await mkdtemp(join(parent, `customer-service-${name}-`))
  const guard = openGuard(removeDirectory, [path])
  if (owner !== undefined) await chown(path, owner.uid, owner.gid)
  return { path, guard }
}
