import type { CustomerId } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { MemoryUndo } from "../customer/memoryUndo.ts"
import type { Fact } from "../event/Inbox.ts"
import type { StandingPolicy } from "../segment/StandingPolicy.ts"
import { compareTellings, type Figures, figuresOf } from "./Figures.ts"

type Memory = CustomerMemory["Service"]
type Keys = Map<CustomerId, Set<string>>

const add = (keys: Keys, id: CustomerId, key: string): void => {
  const present = keys.get(id)
  if (present === undefined) keys.set(id, new Set([key]))
  else present.add(key)
}

const indexOf = (entries: Map<string, { readonly customerId: CustomerId }>): Keys => {
  const keys: Keys = new Map()
  for (const [key, { customerId }] of entries) add(keys, customerId, key)
  return keys
}

/** The orders and points that the memory has been told of. Nobody else writes them but to erase a customer. */
export const toldInMemory = ({ orders, points }: Memory) => {
  // Under which keys something of a customer stands or stood: so her figures are found without looking at everybody's.
  const [orderIds, eventIds] = [indexOf(orders), indexOf(points)]

  const of = <A extends { readonly customerId: CustomerId }>(keys: Keys, entries: Map<string, A>, id: CustomerId) =>
    [...(keys.get(id) ?? [])].flatMap((key) => entries.get(key) ?? []).filter(({ customerId }) => customerId === id)

  return {
    figures: (id: CustomerId, policy: StandingPolicy): Figures =>
      figuresOf(of(orderIds, orders, id), of(eventIds, points, id), policy),
    /** Keeps a fact where it is told later than what is known; answers whose figures it changes. */
    record: (fact: Fact, customerId: CustomerId, undo: MemoryUndo): ReadonlyArray<CustomerId> => {
      if (fact._tag === "Points") {
        undo.note(points, fact.points.eventId)
        points.set(fact.points.eventId, { ...fact.points, customerId })
        add(eventIds, customerId, fact.points.eventId)
        return [customerId]
      }
      const { orderId } = fact.order
      const before = orders.get(orderId)
      if (before !== undefined && compareTellings(fact.order, before) <= 0) return []
      undo.note(orders, orderId)
      orders.set(orderId, { ...fact.order, customerId })
      add(orderIds, customerId, orderId)
      return before === undefined ? [customerId] : [customerId, before.customerId]
    }
  }
}
