import { CustomerStandings, StandingPolicy } from "@customer-service/core"
import { BigDecimal, Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { CommandMisused } from "../failures.ts"
import { json } from "../flags.ts"
import { answer } from "../output.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const threshold = (name: string, variable: string) =>
  Flag.String(name).pipe(
    Flag.withSchema(
      Schema.String.check(
        Schema.makeFilter((text) => /^\d{1,12}(\.\d{1,4})?$/.test(text) && Number(text) > 0, {
          message: "must be an amount above zero such as 1500 or 999.50"
        })
      )
    ),
    Flag.optional,
    Flag.withMetavar("<amount>"),
    Flag.withDescription(`Instead of ${variable}`)
  )

const list = Flag.Int("list").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 }))),
  Flag.withDefault(0),
  Flag.withMetavar("<number>"),
  Flag.withDescription("How many ids of each move to list")
)

const amountOf = (text: Option.Option<string>, fallback: BigDecimal.BigDecimal): BigDecimal.BigDecimal =>
  Option.getOrElse(Option.flatMap(text, BigDecimal.fromString), () => fallback)

const linesOf = ({ count, customers, from, to }: CustomerStandings.TierMove): ReadonlyArray<string> => [
  `${from} -> ${to}  ${count}`,
  ...customers.map((id) => `  ${id}`)
]

/** `tiers preview`: who would move under other thresholds; nobody does. */
export const tiersPreview = Command.make(
  "preview",
  { premium: threshold("premium", "TIER_PREMIUM_FROM"), vip: threshold("vip", "TIER_VIP_FROM"), list, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    const inForce = yield* StandingPolicy
    const standings = yield* CustomerStandings.CustomerStandings
    const policy = {
      ...inForce,
      premiumFrom: amountOf(flags.premium, inForce.premiumFrom),
      vipFrom: amountOf(flags.vip, inForce.vipFrom)
    }
    if (BigDecimal.isGreaterThanOrEqualTo(policy.premiumFrom, policy.vipFrom)) {
      return yield* new CommandMisused({ message: "--vip must be more than --premium" })
    }
    const moves = yield* standings.preview(policy, flags.list)
    const thresholds = { premium: BigDecimal.format(policy.premiumFrom), vip: BigDecimal.format(policy.vipFrom) }
    const text = moves.length === 0 ? "Nobody would move" : moves.flatMap(linesOf).join("\n")
    yield* answer(flags.json, { thresholds, moves }, text)
  })
).pipe(
  Command.withDescription(
    "Say how many customers would go from one tier to another under other thresholds, and who; nobody moves. Tiers " +
      "that a colleague has set stay. Labels are not told of."
  ),
  Command.withShortDescription("Say who would move under other thresholds"),
  Command.withExamples([
    { command: "customer-service tiers preview --premium 1500", description: "Before TIER_PREMIUM_FROM is changed" },
    { command: "customer-service tiers preview --vip 5000 --list 20", description: "With twenty ids of each move" }
  ])
)
