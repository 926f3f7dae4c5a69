import { DateTime, Effect, Option } from "effect"
import { ActionForbidden, StatusConflict } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { WriteOptions } from "../customer/Customers.ts"
import { PersonalDataStore } from "../privacy/PersonalDataStore.ts"
import { CurrentActor, isAdmin } from "../request/Actor.ts"
import * as AccountDecisions from "./AccountDecisions.ts"
import { endingSessions } from "./endSessions.ts"

/** Whoever decides about accounts, and when; fails with `ActionForbidden` for all but staff. */
export const decider = Effect.fnUntraced(function* (expectedVersion: WriteOptions["expectedVersion"]) {
  const actor = yield* CurrentActor
  if (!isAdmin(actor)) return yield* new ActionForbidden({ reason: "this needs the scope customers:admin" })
  return { actor, now: yield* DateTime.now, expectedVersion }
})

/** Keeps a customer out, for a reason, and ends all her sessions. For staff. */
export const suspend = Effect.fn("Accounts.suspend")(function* (
  id: CustomerId,
  reason: string,
  options?: WriteOptions
) {
  const repository = yield* CustomerRepository
  const when = yield* decider(options?.expectedVersion)
  return yield* repository
    .modify(id, (current) => AccountDecisions.suspend(current, reason, when), options?.once)
    .pipe(endingSessions(id))
})

/**
 * Opens a suspended or closed account again, for a reason; an erasure that is planned for it is cancelled. For staff.
 * Fails with `StatusConflict` where the account is open, or being erased.
 */
export const reactivate = Effect.fn("Accounts.reactivate")(function* (
  id: CustomerId,
  reason: string,
  options?: WriteOptions
) {
  const repository = yield* CustomerRepository
  const policy = yield* CustomerPolicy
  const when = yield* decider(options?.expectedVersion)
  const store = yield* PersonalDataStore
  const erasure = Option.getOrUndefined(yield* store.findErasure(id))
  // Nothing brings her back any more.
  if (erasure?.state === "running") return yield* new StatusConflict({ customerId: id, status: "being erased" })
  return yield* repository.modify(
    id,
    (current) => AccountDecisions.reactivate(current, reason, policy, when),
    options?.once
  )
})
