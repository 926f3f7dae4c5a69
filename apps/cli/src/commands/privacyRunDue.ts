import { DueErasures } from "@customer-service/adapters-postgres"
import { Erasures } from "@customer-service/core"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { configuration } from "../configuration.ts"
import { DifferencesFound } from "../failures.ts"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"
import { warnOutOfReach } from "../privacy/outOfReach.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

/** Goes on until nobody is due: what failed is not due again before its lease is over. */
const runAll = Effect.gen(function* () {
  let total = { erased: 0, failed: 0 }
  for (;;) {
    const { erased, failed } = yield* Erasures.runDue()
    if (erased + failed === 0) return total
    total = { erased: total.erased + erased, failed: total.failed + failed }
  }
})

const run = Effect.fnUntraced(function* (asJson: boolean) {
  yield* warnOutOfReach(yield* configuration, "erase")
  const { erased, failed } = yield* runAll
  const left = failed === 0 ? "" : `; ${failed} not, and will be tried again`
  yield* answer(asJson, { dryRun: false, erased, failed }, `Erased ${erased} customer(s)${left}`)
  if (failed > 0) return yield* new DifferencesFound()
})

const foresee = Effect.fnUntraced(function* (asJson: boolean) {
  const due = yield* DueErasures.count
  yield* answer(asJson, { dryRun: true, due }, `Would erase ${due} customer(s)`)
})

/** `privacy run-due`: erases whoever is due, as the service does by itself. */
export const privacyRunDue = Command.make(
  "run-due",
  { dryRun, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    return yield* flags.dryRun ? foresee(flags.json) : run(flags.json)
  })
).pipe(
  Command.withDescription(
    "Erase everybody whose planned erasure is due, and go on with those that were left in the middle, as a running " +
      "service does by itself; exit code 3 where something is left"
  ),
  Command.withShortDescription("Erase everybody whose erasure is due"),
  Command.withExamples([
    { command: "customer-service privacy run-due", description: "Where no service runs that would do it" },
    { command: "customer-service privacy run-due --dry-run", description: "See how many are due" }
  ])
)
