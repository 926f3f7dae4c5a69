import { DeadLetters } from "@customer-service/core"
import { Effect } from "effect"
import { Argument } from "effect/cli"
import { CommandFailed } from "../failures.ts"

/** The id of something dead, as `events dead` lists it. */
export const deadId = Argument.String("id").pipe(Argument.withDescription("An id that `events dead` lists"))

/** Tells that nothing dead has this id. */
export const nothingDead = (id: string): CommandFailed =>
  new CommandFailed({ message: `Nothing dead has the id ${id}` })

/** Fails where nothing dead has this id. */
export const refuseMissing = Effect.fnUntraced(function* (id: string) {
  if (!(yield* DeadLetters.isThere(id))) return yield* nothingDead(id)
})
