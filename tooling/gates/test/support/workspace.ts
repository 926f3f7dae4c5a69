import { readFileSync, readdirSync } from "node:fs"
import { dirname, join, matchesGlob, relative } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../../../..", import.meta.url))

export const contentOf = (path: string): string => readFileSync(join(root, path), "utf8")

const ignored = contentOf(".gitignore")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => line.replace(/\/$/u, ""))

const isOurs = (name: string): boolean =>
  name !== ".git" && name !== "pnpm-lock.yaml" && !ignored.some((pattern) => matchesGlob(name, pattern))

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => isOurs(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesIn(path)
      return entry.isFile() ? [relative(root, path)] : []
    })

/** Paths, from the workspace's root, of the files that people write. */
export const files: ReadonlyArray<string> = filesIn(root)

/** Folders of the workspace's packages, its root (".") included. */
export const packageFolders: ReadonlyArray<string> = files
  .filter((path) => /(?:^|\/)package\.json$/u.test(path))
  .map(dirname)
