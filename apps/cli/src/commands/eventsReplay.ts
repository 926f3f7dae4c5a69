import { deadLetterTopic, EventJournal, Instant, topicOf } from "@customer-service/core"
import { DateTime, Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { CommandMisused } from "../failures.ts"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const topics: ReadonlyArray<string> = [...Object.values(topicOf), deadLetterTopic]

const from = Flag.String("from").pipe(
  Flag.withSchema(Instant),
  Flag.withMetavar("<time>"),
  Flag.withDescription("Events that were written since then, such as 2026-11-24T10:00:00Z")
)

const topic = Flag.String("topic").pipe(
  Flag.withSchema(
    Schema.String.check(
      Schema.makeFilter((text) => topics.includes(text), { message: `must be one of ${topics.join(", ")}` })
    )
  ),
  Flag.optional,
  Flag.withMetavar("<topic>"),
  Flag.withDescription("Those of one topic alone")
)

const customerId = Flag.String("customer").pipe(
  Flag.withSchema(Schema.String.check(Schema.isUUID(undefined, { message: "must be a UUID" }))),
  Flag.optional,
  Flag.withMetavar("<id>"),
  Flag.withDescription("Those of one customer alone")
)

/** `events replay`: publishes once more what was written since a moment. */
export const eventsReplay = Command.make(
  "replay",
  { from, topic, customerId, dryRun, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    if (DateTime.isGreaterThan(flags.from, yield* DateTime.now)) {
      return yield* new CommandMisused({ message: "--from must be in the past" })
    }
    const journal = yield* EventJournal.EventJournal
    const replay = {
      from: flags.from,
      topic: Option.getOrUndefined(flags.topic),
      customerId: Option.getOrUndefined(flags.customerId)
    }
    const events = yield* journal.replay(replay, { dryRun: flags.dryRun })
    const since = DateTime.formatIso(flags.from)
    yield* answer(
      flags.json,
      { dryRun: flags.dryRun, from: since, events },
      `${flags.dryRun ? "Would publish" : "Publishes"} ${events} event(s) since ${since} once more`
    )
  })
).pipe(
  Command.withDescription(
    "Publish once more, in order, what was written and published since a moment: for a bus that lost it, or a new " +
      "consumer. Consumers know what they have by its eventId. What was dropped stays dropped; events of customers who " +
      "were erased are gone."
  ),
  Command.withShortDescription("Publish once more what was written since a moment"),
  Command.withExamples([
    {
      command: "customer-service events replay --from 2026-11-24T10:00:00Z --dry-run",
      description: "How many events that would be"
    },
    {
      command: "customer-service events replay --from 2026-11-24T10:00:00Z --topic customers.customer.created",
      description: "Those of one topic"
    }
  ])
)
