import { Effect } from "effect"
import { Command } from "effect/cli"
import { type Check, lineOf } from "../doctor/Check.ts"
import { DifferencesFound } from "../failures.ts"
import { json } from "../flags.ts"
import { answer } from "../output.ts"

/** `doctor`: tells what is wrong with the service's surroundings; exit code 3 where anything is. */
export const doctor = (examination: Effect.Effect<ReadonlyArray<Check>>) =>
  Command.make(
    "doctor",
    { json },
    Effect.fnUntraced(function* (flags) {
      const checks = yield* examination
      const healthy = checks.every(({ state }) => state !== "problem")
      yield* answer(flags.json, { healthy, checks }, checks.map(lineOf).join("\n"))
      if (!healthy) return yield* new DifferencesFound()
    })
  ).pipe(
    Command.withDescription(
      "Examine the configuration, the database, its tables and clock, Redis, the sidecar, other services and the token keys, and say what to do; " +
        "writes nothing; exit code 3 where it finds a problem"
    ),
    Command.withShortDescription("Find out what is wrong, and what to do about it"),
    Command.withExamples([
      { command: "customer-service doctor", description: "With the environment that the service will have" },
      { command: "customer-service doctor --json", description: "The same for a script" }
    ])
  )
