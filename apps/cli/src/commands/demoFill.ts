import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { fill } from "../demo/fill.ts"
import { dryRun, json } from "../flags.ts"
import { answer } from "../output.ts"

const mostCustomers = 5_000_000
const largestSeed = 4_294_967_295
const largestBatch = 10_000

const isWithin = (minimum: number, maximum: number) => (value: number) => value >= minimum && value <= maximum
const expected = (minimum: number, maximum: number) => () => `Expected a whole number from ${minimum} to ${maximum}`

const count = Argument.Int("count").pipe(
  Argument.filter(isWithin(1, mostCustomers), expected(1, mostCustomers)),
  Argument.withDescription("How many customers")
)

const seed = Flag.Int("seed").pipe(
  Flag.withDefault(1),
  Flag.filter(isWithin(0, largestSeed), expected(0, largestSeed)),
  Flag.withDescription("Which people: the same seed gives the same ones, ids included (default: 1)")
)

const batch = Flag.Int("batch").pipe(
  Flag.withDefault(1000),
  Flag.filter(isWithin(1, largestBatch), expected(1, largestBatch)),
  Flag.withDescription("How many customers a transaction writes (default: 1000)")
)

/** `demo fill`: fills the database with made-up customers. */
export const demoFill = Command.make(
  "fill",
  { count, seed, batch, dryRun, json },
  Effect.fnUntraced(function* (flags) {
    const filled = yield* fill(flags)
    const verb = flags.dryRun ? "Would write" : "Wrote"
    const { addresses, consents, customers, events } = filled
    yield* answer(
      flags.json,
      { seed: flags.seed, dryRun: flags.dryRun, ...filled },
      `${verb} ${customers} customers of seed ${flags.seed}, with ${addresses} addresses, ${consents} consents and ${events} events`
    )
  })
).pipe(
  Command.withDescription(
    "Fill the database with made-up customers of twelve countries, registered from 2021 to 2025, each with up to three " +
      "addresses, consents and events as if she had come by the API. They have no passwords, and their mail addresses " +
      "are reserved for examples. Refuses where one of them is there already."
  ),
  Command.withShortDescription("Fill the database with made-up customers"),
  Command.withExamples([
    { command: "customer-service demo fill 1000", description: "A thousand customers" },
    { command: "customer-service demo fill 100000 --seed 7 --batch 2000", description: "Many others, in larger steps" }
  ])
)
