import { Flag } from "effect/cli"

/** `--json`: data for programs. */
export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print one line of JSON instead of text for people"),
  Flag.withDefault(false)
)

/** `--dry-run`: nothing is written. */
export const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Say what would be done, and write nothing"),
  Flag.withDefault(false)
)
