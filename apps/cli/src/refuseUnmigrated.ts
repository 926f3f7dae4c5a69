import { Migrations } from "@customer-service/adapters-postgres"
import { Effect } from "effect"
import { CommandFailed } from "./failures.ts"

/** Fails where the database lacks tables that a command needs, and names the command that makes them. */
export const refuseUnmigrated = Effect.gen(function* () {
  const pending = yield* Migrations.pending
  if (pending === 0) return
  return yield* new CommandFailed({
    message: `The database lacks ${pending} migration(s): run \`customer-service migrate up\` first`
  })
})
