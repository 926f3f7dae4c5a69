import { DeadLetters } from "@customer-service/core"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { deadId, nothingDead, refuseMissing } from "../events/deadArgument.ts"
import { DifferencesFound } from "../failures.ts"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const outcomes = {
  due: "is due again, and goes out before its customer's later events",
  applied: "was applied",
  known: "had been applied already",
  parked: "waits for its customer to appear",
  dead: "cannot be applied still"
} as const

/** `events retry`: tries something dead once more; exit code 3 where it is dead still. */
export const eventsRetry = Command.make(
  "retry",
  { id: deadId, dryRun, json },
  Effect.fnUntraced(function* ({ id, ...flags }) {
    yield* refuseUnmigrated
    if (flags.dryRun) {
      yield* refuseMissing(id)
      return yield* answer(flags.json, { dryRun: true, id }, `Would try ${id} once more`)
    }
    const outcome = yield* DeadLetters.retry(id)
    if (outcome === "missing") return yield* nothingDead(id)
    yield* answer(flags.json, { dryRun: false, id, outcome }, `${id} ${outcomes[outcome]}`)
    if (outcome === "dead") return yield* new DifferencesFound()
  })
).pipe(
  Command.withDescription(
    "Try something dead once more: an event of ours is due again, a message of another service is applied; exit code " +
      "3 where it is dead still"
  ),
  Command.withShortDescription("Try something dead once more"),
  Command.withExamples([
    {
      command: "customer-service events retry 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
      description: "After what stood in its way is gone"
    }
  ])
)
