import { Segments } from "@customer-service/core"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const rule = Argument.String("rule").pipe(Argument.withDescription("The rule in its text form, as one argument"))

/** `segments preview`: how many customers a rule fits, and some of them; nothing is stored. */
export const segmentsPreview = Command.make(
  "preview",
  { rule, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    const { count, ruleText, sample } = yield* Segments.preview(flags.rule)
    const ids = sample.map(({ id }) => id)
    const some =
      ids.length === 0 ? [] : [ids.length < count ? "Some of them:" : "They are:", ...ids.map((id) => `  ${id}`)]
    yield* answer(
      flags.json,
      { count, sample: ids, rule: ruleText },
      [`${count} customer(s) fit ${ruleText}`, ...some].join("\n")
    )
  })
).pipe(
  Command.withDescription("Say how many customers a rule fits now, and the ids of some; nothing is stored."),
  Command.withShortDescription("Say how many customers a rule fits"),
  Command.withExamples([
    { command: `customer-service segments preview 'tier = "vip" and lastOrder within 30 days'` },
    { command: `customer-service segments preview 'not address.country in ("DE", "AT")' --json` }
  ])
)
