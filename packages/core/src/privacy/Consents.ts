import type { DateTime } from "effect"
import { Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import * as Customers from "../customer/Customers.ts"
import { ConsentLedger } from "./ConsentLedger.ts"

/** A page of what a customer agreed to and withdrew, oldest first. */
export const list = Effect.fn("Consents.list")(function* (
  id: CustomerId,
  page: { readonly limit: number; readonly after?: number | undefined }
) {
  const ledger = yield* ConsentLedger
  yield* Customers.get(id)
  return yield* ledger.list(id, page)
})

/** What held at a moment: the last line of each purpose and channel until then. */
export const asOf = Effect.fn("Consents.asOf")(function* (id: CustomerId, moment: DateTime.Utc) {
  const ledger = yield* ConsentLedger
  yield* Customers.get(id)
  return yield* ledger.asOf(id, moment)
})
