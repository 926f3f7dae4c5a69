import { DatabaseSync } from "node:sqlite"

const sqliteBusy = 5

/** Whether {@link lockDirectory} failed because another process has the directory. */
export const isLockedElsewhere = (cause: unknown): boolean =>
  cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy

/**
 * Keeps `directory` to this process until the lock is closed. SQLite's lock on the file beside it serves for that:
 * the operating system drops it when the process ends in whatever way, so that none is ever left over. Throws
 * where another process has it, or where the file cannot be written.
 */
export const lockDirectory = (directory: string): { readonly close: () => void } => {
  const holder = new DatabaseSync(`${directory}.lock`, { timeout: 0 })
  try {
    holder.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
    return holder
  } catch (cause) {
    holder.close()
    throw cause
  }
}
