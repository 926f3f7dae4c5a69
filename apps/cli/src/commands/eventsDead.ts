import { DeadLetters } from "@customer-service/core"
import { DateTime, Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { DifferencesFound } from "../failures.ts"
import { json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const limit = Flag.Int("limit").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 }))),
  Flag.withDefault(100),
  Flag.withMetavar("<number>"),
  Flag.withDescription("How many of each direction at most, oldest first")
)

const line = ({ direction, id, reason, since, topic }: DeadLetters.GivenUp): string =>
  `${DateTime.formatIso(since)}  ${direction}  ${id}  ${topic}  ${reason}`

/** `events dead`: what is dead in both directions, and why; exit code 3 where there is anything. */
export const eventsDead = Command.make(
  "dead",
  { limit, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    const found = yield* DeadLetters.list(flags.limit)
    const data = { dead: found.map((given) => ({ ...given, since: DateTime.formatIso(given.since) })) }
    yield* answer(flags.json, data, found.length === 0 ? "Nothing is dead" : found.map(line).join("\n"))
    if (found.length > 0) return yield* new DifferencesFound()
  })
).pipe(
  Command.withDescription(
    "List what is dead: events of ours that the bus refused for good (each holds up its customer's later ones), and " +
      "messages of other services that can never be applied; exit code 3 where there is anything"
  ),
  Command.withShortDescription("List what is dead, and why"),
  Command.withExamples([{ command: "customer-service events dead", description: "What to see to, oldest first" }])
)
