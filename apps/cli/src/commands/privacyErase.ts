import { ErasureView } from "@customer-service/api"
import { type CustomerId, Customers, Erasures, Exports, PersonalDataStore, Text } from "@customer-service/core"
import { Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { configuration } from "../configuration.ts"
import { DifferencesFound } from "../failures.ts"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"
import { customer } from "../privacy/customerArgument.ts"
import { entryCounts } from "../privacy/entryCounts.ts"
import { erasureLines } from "../privacy/erasureLines.ts"
import { warnOutOfReach } from "../privacy/outOfReach.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"

const reason = Flag.String("reason").pipe(
  Flag.withSchema(Text.RequiredText(500)),
  Flag.withMetavar("<text>"),
  Flag.withDescription("Why, for the audit; name nobody in it")
)

const planned = Flag.Boolean("planned").pipe(
  Flag.withDefault(false),
  Flag.withDescription("After ERASURE_GRACE_DAYS instead of now; it can be cancelled until then")
)

const encode = Schema.encodeSync(ErasureView)

/** Whether an erasure has begun: nothing can be decided about it any more. */
const findBegun = Effect.fnUntraced(function* (id: CustomerId) {
  const store = yield* PersonalDataStore
  const present = Option.getOrUndefined(yield* store.findErasure(id))
  return present?.state === "running" || present?.state === "done" ? present : undefined
})

interface Wish {
  readonly json: boolean
  readonly planned: boolean
}

/** Says what an erasure would do. */
const foresee = Effect.fnUntraced(function* (customerId: CustomerId, wish: Wish) {
  const begun = yield* findBegun(customerId)
  if (begun !== undefined) {
    return yield* answer(wish.json, { dryRun: true, erasure: encode(begun) }, erasureLines(begun))
  }
  const entries = entryCounts(yield* Exports.exportOf(customerId))
  const when = wish.planned ? "planned" : "now"
  const heading = `Would ${wish.planned ? "plan to erase" : "erase"} customer ${customerId}, of whom there is:`
  const lines = Object.entries(entries).map(([place, count]) => `  ${place}  ${count}`)
  yield* answer(wish.json, { dryRun: true, customerId, when, entries }, [heading, ...lines].join("\n"))
})

const erase = Effect.fnUntraced(function* (customerId: CustomerId, reason: string, wish: Wish) {
  if (!wish.planned) yield* warnOutOfReach(yield* configuration, "erase")
  const erasure = yield* Erasures.plan(customerId, wish.planned ? "planned" : "now", reason)
  yield* answer(wish.json, { dryRun: false, erasure: encode(erasure) }, erasureLines(erasure))
  if (!wish.planned && erasure.state !== "done") return yield* new DifferencesFound()
})

/** `privacy erase`: erases a customer, now or after the shop's days of grace. */
export const privacyErase = Command.make(
  "erase",
  { customer, reason, planned, dryRun, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    const customerId = yield* Customers.resolve(flags.customer)
    return yield* flags.dryRun ? foresee(customerId, flags) : erase(customerId, flags.reason, flags)
  })
).pipe(
  Command.withDescription(
    "Erase a customer: overwrite what is held on her, look for her again, and sign a receipt of both. It cannot be " +
      "undone. One who is erased already is answered with her receipt; exit code 3 where something is left."
  ),
  Command.withShortDescription("Erase a customer, and print the receipt"),
  Command.withExamples([
    {
      command:
        'customer-service privacy erase 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b --reason "asked by letter" --dry-run',
      description: "See what is there of her"
    },
    {
      command:
        'customer-service privacy erase 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b --reason "asked by letter" --json > receipt.json',
      description: "Erase her now, and keep the receipt"
    },
    {
      command: 'customer-service privacy erase 4711 --reason "account closed" --planned',
      description: "By her Magento id, after the days of grace"
    }
  ])
)
