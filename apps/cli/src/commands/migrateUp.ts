import { Migrations } from "@customer-service/adapters-postgres"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"

const listed = (verb: string, names: ReadonlyArray<string>): string =>
  names.length === 0 ? "The database is up to date" : names.map((name) => `${verb} ${name}`).join("\n")

/** `migrate up`: applies the migrations that the database lacks. */
export const migrateUp = Command.make(
  "up",
  { dryRun, json },
  Effect.fnUntraced(function* (flags) {
    if (!flags.dryRun) {
      const applied = yield* Migrations.up
      return yield* answer(flags.json, { applied, dryRun: false }, listed("Applied", applied))
    }
    const pending = (yield* Migrations.status).filter(({ applied }) => !applied).map(({ name }) => name)
    return yield* answer(flags.json, { pending, dryRun: true }, listed("Would apply", pending))
  })
).pipe(
  Command.withDescription("Apply the migrations that the database lacks, each once, under a lock"),
  Command.withExamples([
    { command: "customer-service migrate up", description: "Bring the database up to date" },
    { command: "customer-service migrate up --dry-run", description: "See what would be applied" }
  ])
)
