import { constants } from "node:fs"
import { chmod, mkdir, open, readdir, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { type CustomerId, Mailer } from "@customer-service/core"
import { Clock, DateTime, Effect } from "effect"

/** Messages that were written instead of sent: one file each, for the eyes of this user alone. */
export interface MailFolder {
  readonly write: (
    customerId: CustomerId,
    ending: "eml" | "txt",
    text: string
  ) => Effect.Effect<void, Mailer.MailRejected>
  /** The messages to a customer, oldest first. */
  readonly kept: (customerId: CustomerId) => Effect.Effect<ReadonlyArray<string>>
  readonly forget: (customerId: CustomerId) => Effect.Effect<number>
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT"

const orIfMissing = <A>(work: Promise<A>, otherwise: A): Promise<A> =>
  work.catch((error: unknown) => {
    if (isMissing(error)) return otherwise
    throw error
  })

const isTaken = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST"

/** Writes a file that is not there yet, and is whole on the disk when it is done. */
const writeNew = async (file: string, text: string): Promise<void> => {
  const handle = await open(file, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Other processes may write to the same folder at the same moment: a name that is taken is passed over. */
const writeUnderFreeName = async (nameOf: (count: number) => string, text: string, first: number): Promise<number> => {
  for (let count = first; ; count += 1) {
    try {
      await writeNew(nameOf(count), text)
      return count
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
}

/** A folder of messages, which is made when the first is written. Says in the log, once, that they go there. */
export const make = (directory: string): MailFolder => {
  let written = 0
  let isTold = false

  const tell = Effect.suspend(() => {
    if (isTold) return Effect.void
    isTold = true
    return Effect.logWarning("Messages are not sent, but written to files").pipe(Effect.annotateLogs({ directory }))
  })

  const filesOf = async (customerId: CustomerId): Promise<ReadonlyArray<string>> => {
    const names = await orIfMissing(readdir(directory), [])
    const hers = names.filter((name) => name.includes(`Z-${customerId}-`))
    return hers.toSorted().map((name) => join(directory, name))
  }

  const read = (file: string) =>
    orIfMissing(
      readFile(file, "utf8").then((text) => [text]),
      []
    )

  return {
    write: Effect.fnUntraced(function* (customerId, ending, text) {
      const time = DateTime.formatIso(DateTime.makeUnsafe(yield* Clock.currentTimeMillis)).replaceAll(":", "-")
      const nameOf = (count: number) =>
        join(directory, `${time}-${customerId}-${String(count).padStart(4, "0")}.${ending}`)
      yield* Effect.tryPromise({
        try: async () => {
          await mkdir(directory, { recursive: true, mode: 0o700 })
          await chmod(directory, 0o700)
          written = await writeUnderFreeName(nameOf, text, written + 1)
        },
        catch: () => new Mailer.MailRejected({ permanent: false })
      })
      yield* tell
    }),
    kept: (customerId) => Effect.promise(async () => (await Promise.all((await filesOf(customerId)).map(read))).flat()),
    forget: (customerId) =>
      Effect.promise(async () => {
        const files = await filesOf(customerId)
        await Promise.all(files.map((file) => rm(file, { force: true })))
        return files.length
      })
  }
}
