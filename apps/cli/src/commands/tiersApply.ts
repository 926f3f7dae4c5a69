import { CustomerStandings, StandingPolicy, Standings } from "@customer-service/core"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const foresee = Effect.fnUntraced(function* (asJson: boolean) {
  const standings = yield* CustomerStandings.CustomerStandings
  const moves = yield* standings.preview(yield* StandingPolicy, 0)
  const due = moves.reduce((sum, { count }) => sum + count, 0)
  yield* answer(asJson, { dryRun: true, due }, `Would move ${due} customer(s) to another tier`)
})

const apply = Effect.fnUntraced(function* (asJson: boolean) {
  const standings = yield* CustomerStandings.CustomerStandings
  const rechecked = yield* standings.recheck(yield* StandingPolicy)
  yield* Standings.reviewDue()
  yield* answer(asJson, { dryRun: false, rechecked }, `Brought ${rechecked} customer(s) up to date`)
})

/** `tiers apply`: has everybody stand where the thresholds in force put her, since the dates that her orders say. */
export const tiersApply = Command.make(
  "apply",
  { dryRun, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    return yield* flags.dryRun ? foresee(flags.json) : apply(flags.json)
  })
).pipe(
  Command.withDescription(
    "Bring everybody up to date whose tier or label, or the date on which her orders met a threshold, is another under " +
      "TIER_PREMIUM_FROM, TIER_VIP_FROM, SEGMENT_HIGH_VALUE_FROM and NEW_CUSTOMER_DAYS as they are set now. Orders move " +
      "customers by themselves; this is for after these settings were changed. --dry-run counts those whose tier would " +
      "be another, and tells nothing of labels and dates."
  ),
  Command.withShortDescription("Bring tiers and labels up to date with the settings in force"),
  Command.withExamples([
    { command: "customer-service tiers apply --dry-run", description: "How many tiers would be others" },
    { command: "customer-service tiers apply", description: "After TIER_PREMIUM_FROM was changed" }
  ])
)
