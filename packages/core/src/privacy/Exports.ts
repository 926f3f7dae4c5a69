import { DateTime, Effect } from "effect"
import { ActionForbidden } from "../customer/CustomerErrors.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import * as Customers from "../customer/Customers.ts"
import { CurrentActor, isAdmin } from "../request/Actor.ts"
import { PersonalDataHolders } from "./PersonalDataHolder.ts"
import { PersonalDataStore } from "./PersonalDataStore.ts"

/** Everything that is held on one customer, by the place that holds it. */
export interface PersonalExport {
  readonly customerId: CustomerId
  readonly generatedAt: DateTime.Utc
  readonly holders: Readonly<Record<string, ReadonlyArray<unknown>>>
}

/** Places by name; two of one name are shown together, and neither in place of the other. */
const together = (places: ReadonlyArray<readonly [name: string, entries: ReadonlyArray<unknown>]>) =>
  Object.fromEntries(
    [...Map.groupBy(places, ([name]) => name)].map(([name, all]) => [name, all.flatMap(([, entries]) => entries)])
  )

/**
 * Everything that is held on a customer, for herself and for staff: it says more than a service needs to know. Fails
 * with `ActionForbidden`, `CustomerNotFound` or `HolderUnavailable`.
 */
export const exportOf = Effect.fn("Exports.exportOf")(function* (id: CustomerId) {
  const actor = yield* CurrentActor
  if (actor.kind !== "customer" && !isAdmin(actor)) {
    return yield* new ActionForbidden({ reason: "an export is for the customer herself and for staff" })
  }
  const store = yield* PersonalDataStore
  const others = yield* PersonalDataHolders
  yield* Customers.get(id)
  const elsewhere = yield* Effect.forEach(others, (holder) =>
    Effect.map(holder.exportOf(id), (entries) => [holder.name, entries] as const)
  )
  const exported: PersonalExport = {
    customerId: id,
    generatedAt: yield* DateTime.now,
    holders: together([...Object.entries(yield* store.exportOf(id)), ...elsewhere])
  }
  return exported
})
