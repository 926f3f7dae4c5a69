import { DeadLetters } from "@customer-service/core"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { deadId, nothingDead, refuseMissing } from "../events/deadArgument.ts"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

/** `events drop`: gives something dead up for good. */
export const eventsDrop = Command.make(
  "drop",
  { id: deadId, dryRun, json },
  Effect.fnUntraced(function* ({ id, ...flags }) {
    yield* refuseUnmigrated
    if (flags.dryRun) {
      yield* refuseMissing(id)
      return yield* answer(flags.json, { dryRun: true, id }, `Would drop ${id}`)
    }
    if (!(yield* DeadLetters.drop(id))) return yield* nothingDead(id)
    yield* answer(flags.json, { dryRun: false, id }, `Dropped ${id}`)
  })
).pipe(
  Command.withDescription(
    "Give something dead up for good: an event of ours is never published, and its customer's later ones go on; a " +
      "message of another service is forgotten"
  ),
  Command.withShortDescription("Give something dead up for good"),
  Command.withExamples([
    {
      command: "customer-service events drop 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
      description: "Where nobody will ever take it"
    }
  ])
)
