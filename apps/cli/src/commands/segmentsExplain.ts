import { Customers, MembershipExplanation, Memberships } from "@customer-service/core"
import { Effect, Schema } from "effect"
import { Argument, Command } from "effect/cli"
import { json } from "../flags.ts"
import { answer } from "../output.ts"
import { customer } from "../privacy/customerArgument.ts"
import { refuseUnmigrated } from "../refuseUnmigrated.ts"
import { explanationLines } from "../segments/explanationLines.ts"

const encode = Schema.encodeSync(MembershipExplanation, { disableChecks: true })

const segment = Argument.String("segment").pipe(Argument.withDescription("The segment's name or id"))

/** `segments explain`: why a customer belongs to a segment, or does not, and what would change it. */
export const segmentsExplain = Command.make(
  "explain",
  { customer, segment, json },
  Effect.fnUntraced(function* (flags) {
    yield* refuseUnmigrated
    const id = yield* Customers.resolve(flags.customer)
    const explanation = yield* Memberships.explain(id, flags.segment)
    yield* answer(flags.json, encode(explanation), explanationLines(explanation))
  })
).pipe(
  Command.withDescription(
    "Say why a customer belongs to a segment, or does not: each clause of its rule with what it asks for, what there " +
      "is, and what would change the answer."
  ),
  Command.withShortDescription("Say why a customer belongs to a segment, or does not"),
  Command.withExamples([
    { command: "customer-service segments explain 4711 vip-customers", description: "By her Magento id" },
    { command: "customer-service segments explain 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b vip-customers --json" }
  ])
)
