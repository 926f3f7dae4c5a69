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
  yield* answer(asJson, { dryRun: true, due }, `Would move ${due} customer(s)`)
})

const apply = Effect.fnUntraced(function* (asJson: boolean) {
  const standings = yield* CustomerStandings.CustomerStandings
  const due = yield* standings.recheck(yield* StandingPolicy)
  yield* Standings.reviewDue()
  yield* answer(asJson, { dryRun: false, moved: due }, `Moved ${due} customer(s)`)
})

/** `tiers apply`: moves everybody whose tier is another under the thresholds in force. */
export const tiersApply = Command.make(
  "apply",
  { dryRun, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    return yield* flags.dryRun ? foresee(flags.json) : apply(flags.json)
  })
).pipe(
  Command.withDescription(
    "Move everybody whose tier is another under TIER_PREMIUM_FROM and TIER_VIP_FROM as they are set now. Orders move " +
      "customers by themselves; this is for after the thresholds were changed."
  ),
  Command.withShortDescription("Move customers to the tiers that the thresholds in force make"),
  Command.withExamples([
    { command: "customer-service tiers apply --dry-run", description: "How many would move" },
    { command: "customer-service tiers apply", description: "After TIER_PREMIUM_FROM was changed" }
  ])
)
