import { Migrations } from "@customer-service/adapters-postgres"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { DifferencesFound } from "../failures.ts"
import { json } from "../flags.ts"
import { answer } from "../output.ts"

/** `migrate status`: every migration and whether the database has it; exit code 3 where it lacks one. */
export const migrateStatus = Command.make(
  "status",
  { json },
  Effect.fnUntraced(function* (flags) {
    const migrations = yield* Migrations.status
    const pending = migrations.filter(({ applied }) => !applied).length
    const lines = migrations.map(({ applied, name }) => `${applied ? "applied" : "pending"}  ${name}`)
    yield* answer(flags.json, { migrations, pending }, lines.join("\n"))
    if (pending > 0) return yield* new DifferencesFound()
  })
).pipe(
  Command.withDescription("List the migrations with their state; exit code 3 where the database lacks one"),
  Command.withExamples([
    { command: "customer-service migrate status", description: "See which migrations the database has" },
    { command: "customer-service migrate status --json", description: "The same for a script" }
  ])
)
