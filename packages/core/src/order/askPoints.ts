import { Effect, Option } from "effect"
import { askUpstream } from "./askUpstream.ts"
import { LoyaltyBalance, LoyaltyService } from "./LoyaltyService.ts"
import type { KnownCustomer } from "./OrderService.ts"

const ask = askUpstream("loyalty", LoyaltyBalance)

/** Her points as the loyalty service says, or said last; undefined where it was never asked. */
export const askPoints = Effect.fnUntraced(function* (customer: KnownCustomer) {
  const loyalty = yield* Effect.serviceOption(LoyaltyService)
  if (Option.isNone(loyalty)) return undefined
  return Option.getOrUndefined(yield* ask(customer.id, loyalty.value.points(customer)))
})
