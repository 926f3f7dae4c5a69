import { RelayEvents } from "@customer-service/core"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { configuration } from "../configuration.ts"
import { CommandMisused, DifferencesFound } from "../failures.ts"
import { json } from "../flags.ts"
import { answer, remark } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const once = Flag.Boolean("once").pipe(
  Flag.withDefault(false),
  Flag.withDescription("End when nothing is due any more; exit code 3 where the bus does not answer")
)

const drain = Effect.fnUntraced(function* (asJson: boolean) {
  const { count, isAway } = yield* RelayEvents.drain()
  const rest = isAway ? "; the bus does not answer, and the rest waits" : ""
  yield* answer(asJson, { published: count, busIsAway: isAway }, `Published ${count} event(s)${rest}`)
  if (isAway) return yield* new DifferencesFound()
})

/** A bus in this process's memory would swallow what it is given. */
const refuseWithoutBus = Effect.gen(function* () {
  const { EVENT_BUS } = yield* configuration
  if (EVENT_BUS !== "memory") return
  return yield* new CommandMisused({ message: "There is no bus to publish to: set EVENT_BUS=dapr" })
})

/** `events relay`: publishes what is written, as the service does by itself unless EVENT_RELAY is false. */
export const eventsRelay = Command.make(
  "relay",
  { once, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseWithoutBus
    yield* refuseUnmigrated
    if (flags.once) return yield* drain(flags.json)
    yield* remark("Relaying events until told to end")
    return yield* RelayEvents.run
  })
).pipe(
  Command.withDescription(
    "Publish events as they are written, as the service does by itself unless EVENT_RELAY is false; several relays " +
      "share the work"
  ),
  Command.withShortDescription("Publish events as they are written"),
  Command.withExamples([
    { command: "customer-service events relay", description: "In a process of its own" },
    { command: "customer-service events relay --once", description: "What is due, and no more" }
  ])
)
