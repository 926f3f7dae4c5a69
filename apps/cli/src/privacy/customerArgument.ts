import { Argument } from "effect/cli"

/** The customer that a command is about. */
export const customer = Argument.String("customer").pipe(
  Argument.withDescription("Her id: a UUID, or the number that she has in Magento")
)
