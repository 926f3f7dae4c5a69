import { Customers, Exports } from "@customer-service/core"
import { Console, DateTime, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { configuration } from "../configuration.ts"
import { json } from "../flags.ts"
import { answer } from "../output.ts"
import { customer } from "../privacy/customerArgument.ts"
import { entryCounts } from "../privacy/entryCounts.ts"
import { warnOutOfReach } from "../privacy/outOfReach.ts"
import { writePrivateFile } from "../privacy/privateFile.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const out = Flag.String("out").pipe(
  Flag.optional,
  Flag.withMetavar("<file>"),
  Flag.withDescription("Write to a new file, for this user's eyes alone, instead of stdout")
)

const render = (exported: Exports.PersonalExport, onOneLine: boolean): string =>
  JSON.stringify(
    { ...exported, generatedAt: DateTime.formatIso(exported.generatedAt) },
    undefined,
    onOneLine ? undefined : 2
  )

/** `privacy export`: prints everything that is held on a customer. */
export const privacyExport = Command.make(
  "export",
  { customer, out, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    yield* warnOutOfReach(yield* configuration, "export")
    const customerId = yield* Customers.resolve(flags.customer)
    const exported = yield* Exports.exportOf(customerId)
    const text = render(exported, flags.json)
    if (Option.isNone(flags.out)) return yield* Console.log(text)
    const file = flags.out.value
    yield* writePrivateFile(file, `${text}\n`)
    yield* answer(
      flags.json,
      { customerId, file, entries: entryCounts(exported) },
      `Wrote everything held on customer ${customerId} to ${file}`
    )
  })
).pipe(
  Command.withDescription(
    "Print everything that is held on a customer as JSON, by the place that holds it (Articles 15 and 20 of the GDPR). " +
      "Secrets are named and not shown."
  ),
  Command.withShortDescription("Print everything that is held on a customer"),
  Command.withExamples([
    {
      command: "customer-service privacy export 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b --out jane.json",
      description: "Into a file that nobody else can read"
    },
    { command: "customer-service privacy export 4711 --json", description: "By her Magento id, on one line" }
  ])
)
