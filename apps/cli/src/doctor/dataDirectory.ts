import { Effect } from "effect"
import { access, constants, stat } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { type Check, ok, problem } from "./Check.ts"

const exists = (path: string) =>
  Effect.match(
    Effect.tryPromise(() => stat(path)),
    { onSuccess: () => true, onFailure: () => false }
  )

/** The directory itself, or the nearest one above it that is there and in which it would be made. */
const nearest = (path: string): Effect.Effect<string> =>
  Effect.flatMap(exists(path), (there) =>
    there || dirname(path) === path ? Effect.succeed(path) : nearest(dirname(path))
  )

const requireWritable = (path: string) =>
  Effect.tryPromise(async () => {
    if (!(await stat(path)).isDirectory()) throw new Error("not a directory")
    await access(path, constants.W_OK | constants.X_OK)
  })

/** Whether the embedded default can keep its database and its secret in DATA_DIR. Writes nothing. */
export const dataDirectoryCheck = (directory: string): Effect.Effect<Check> =>
  Effect.gen(function* () {
    const place = yield* nearest(resolve(directory))
    return yield* Effect.match(requireWritable(place), {
      onSuccess: () => ok("data directory", `${directory} can be written`),
      onFailure: () =>
        problem("data directory", `${directory} cannot be written`, "let DATA_DIR name a directory of this user")
    })
  })

/** Whether the embedded database has been made. */
export const hasDatabase = (directory: string): Effect.Effect<boolean> =>
  exists(join(directory, "database", "PG_VERSION"))
