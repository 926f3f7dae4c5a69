import { Effect, Predicate } from "effect"
import { writeFile } from "node:fs/promises"
import { CommandFailed } from "../failures.ts"

const reasonOf = (error: unknown): string => {
  if (Predicate.hasProperty(error, "code") && error.code === "EEXIST") return "it exists already"
  return error instanceof Error ? error.message : "unknown reason"
}

/** Writes a new file that this user alone can read. One that is there stays: others may be able to read it. */
export const writePrivateFile = (path: string, text: string): Effect.Effect<void, CommandFailed> =>
  Effect.tryPromise({
    try: () => writeFile(path, text, { flag: "wx", mode: 0o600 }),
    catch: (error) => new CommandFailed({ message: `${path} cannot be written: ${reasonOf(error)}` })
  })
