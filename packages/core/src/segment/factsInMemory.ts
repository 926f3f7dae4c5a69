import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { Facts } from "./rule/Facts.ts"

/** What rules may ask of a customer in memory; none where she is not there. */
export const factsInMemory = (memory: CustomerMemory["Service"], id: CustomerId): ReadonlyArray<Facts> => {
  const customer = memory.customers.get(id)
  if (customer === undefined) return []
  const names = [...(memory.memberships.get(id)?.keys() ?? [])].flatMap(
    (segmentId) => memory.segments.get(segmentId)?.name ?? []
  )
  return [{ customer, lastOrderAt: memory.standings.get(id)?.lastOrderAt, segments: new Set(names) }]
}
