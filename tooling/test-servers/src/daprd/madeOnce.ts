import { mkdir, rename, rm, stat, utimes } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"

import { openGuard } from "../guard.ts"

/** What makes the file at `path`. `watch` is told each process at work, so that none outlives this one. */
export type MakeFile = (path: string, watch: (pid: number) => void) => Promise<void>

const betweenLooks = 200
const betweenSignsOfLife = 5000
const longestSilence = 60_000

const abandonLock = `
pid=
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then kill -s KILL "$pid"; fi
rm -rf -- "$1"
`

const modifiedAt = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined
  )

const takeLock = (lock: string): Promise<boolean> =>
  mkdir(lock).then(
    () => true,
    () => false
  )

/** Removes a lock whose owner went away together with its guard, as when the power went. */
const removeSilentLock = async (lock: string): Promise<void> => {
  const signOfLife = (await modifiedAt(lock)) ?? Date.now()
  if (Date.now() - signOfLife < longestSilence) return
  const aside = `${lock}.${process.pid}`
  await rename(lock, aside).catch(() => undefined)
  await rm(aside, { recursive: true, force: true })
}

const makeLocked = async (path: string, lock: string, make: MakeFile): Promise<void> => {
  const guard = openGuard(abandonLock, [lock])
  const signsOfLife = setInterval(() => {
    utimes(lock, new Date(), new Date()).catch(() => undefined)
  }, betweenSignsOfLife)
  const unfinished = join(lock, basename(path))
  try {
    await make(unfinished, (pid) => guard.tell(String(pid)))
    await rename(unfinished, path)
  } finally {
    clearInterval(signsOfLife)
    guard.tell("")
    await guard.finish()
  }
}

/**
 * Makes the file unless it is there. Of all processes on this machine one makes it while the others wait; when that one
 * dies, another takes over. Rejects when making it fails.
 */
export const madeOnce = async (path: string, make: MakeFile): Promise<void> => {
  const lock = `${path}.lock`
  await mkdir(dirname(path), { recursive: true })
  while ((await modifiedAt(path)) === undefined) {
    if (await takeLock(lock)) await makeLocked(path, lock, make)
    else await removeSilentLock(lock).then(() => delay(betweenLooks))
  }
}
