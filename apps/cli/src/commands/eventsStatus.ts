import { EventJournal, Inbox } from "@customer-service/core"
import { DateTime, Effect } from "effect"
import { Command } from "effect/cli"
import { DifferencesFound } from "../failures.ts"
import { json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const shown = (moment: DateTime.Utc | undefined): string | undefined => moment && DateTime.formatIso(moment)

/** `events status`: how many events wait, and since when; exit code 3 where something is dead. */
export const eventsStatus = Command.make(
  "status",
  { json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    const journal = yield* EventJournal.EventJournal
    const inbox = yield* Inbox.Inbox
    const { dead, lastPublishedAt, oldestAt, unpublished, waiting } = yield* journal.status
    const incoming = yield* inbox.counts
    const data = {
      outgoing: { unpublished, waiting, dead, oldestAt: shown(oldestAt), lastPublishedAt: shown(lastPublishedAt) },
      incoming
    }
    const lines = [
      `unpublished     ${unpublished}${oldestAt === undefined ? "" : `, the oldest since ${shown(oldestAt)}`}`,
      `  of them wait  ${waiting} for another try`,
      `  of them dead  ${dead}`,
      `last published  ${shown(lastPublishedAt) ?? "never"}`,
      `parked          ${incoming.parked} for their customer to appear`,
      `dead letters    ${incoming.dead}`
    ]
    yield* answer(flags.json, data, lines.join("\n"))
    if (dead + incoming.dead > 0) return yield* new DifferencesFound()
  })
).pipe(
  Command.withDescription("Say how many events wait to go out and how many are dead; exit code 3 where any is dead"),
  Command.withShortDescription("Say how the events are"),
  Command.withExamples([
    { command: "customer-service events status", description: "Whether anything is stuck" },
    { command: "customer-service events status --json", description: "The same for a script" }
  ])
)
