import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"

/** A folder of the test's own; the mails go to one inside it that is not there yet. */
export const freshFolder = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "mails-"))),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true }))
  ),
  (directory) => join(directory, "data", "mails")
)

/** What stands in the files of a folder, oldest first. */
export const filesIn = (directory: string): ReadonlyArray<string> => {
  try {
    return readdirSync(directory)
      .toSorted()
      .map((name) => readFileSync(join(directory, name), "utf8"))
  } catch {
    return []
  }
}

/** A mail as a file of the folder has it. */
export const mailOf = (file: string) => {
  const [head = "", ...rest] = file.split("\n\n")
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(head)?.[1] ?? ""
  return { to: header("To"), subject: header("Subject"), text: rest.join("\n\n") }
}

/** A text message as a file of the folder has it. */
export const textOf = (file: string) => {
  const { text, to } = mailOf(file)
  return { to, text: text.slice(0, -1) }
}
