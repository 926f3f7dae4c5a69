import type { CustomerId, Inbox } from "@customer-service/core"

/** A message, and what the database knows of it. */
export interface Found {
  readonly message: Inbox.Delivery | Inbox.Undeliverable
  /** Whom it is about; nobody where she is not there. */
  readonly owner: CustomerId | null
  /** No message of this id was applied before this transaction noted it. */
  readonly isNew: boolean
  /** A message of this id was applied before. */
  readonly isKnown: boolean
}

/** A delivery with whom it is about. */
export interface Told {
  readonly delivery: Inbox.Delivery
  readonly owner: CustomerId
}

/** What becomes of messages, and what is to be written. */
export interface Sorted {
  readonly fates: ReadonlyArray<Inbox.Fate>
  readonly told: ReadonlyArray<Told>
  /** Deliveries that neither wait nor are dead any longer. */
  readonly settled: ReadonlyArray<Inbox.Delivery>
  readonly parked: ReadonlyArray<Inbox.Delivery>
  readonly dead: ReadonlyArray<Inbox.Undeliverable>
}

/** What the messages before this one have come to. */
interface Pile {
  readonly applied: Set<string>
  readonly told: Array<Told>
  readonly settled: Array<Inbox.Delivery>
  readonly parked: Map<string, Inbox.Delivery>
  readonly dead: Map<string, Inbox.Undeliverable>
}

const keyOf = ({ eventId, topic }: Inbox.Delivery | Inbox.Undeliverable): string => JSON.stringify([topic, eventId])

/** Sorts messages by what becomes of them, in order. `present` are those who are there, and not erased. */
export const sortMessages = (all: ReadonlyArray<Found>, present: ReadonlySet<CustomerId>): Sorted => {
  const pile: Pile = { applied: new Set(), told: [], settled: [], parked: new Map(), dead: new Map() }
  const isErased = (owner: CustomerId | null): boolean => owner !== null && !present.has(owner)

  const deliver = (delivery: Inbox.Delivery, { isKnown, isNew, owner }: Found): Inbox.Fate => {
    const key = keyOf(delivery)
    const wasApplied = pile.applied.has(key) || isKnown || (owner !== null && !isNew)
    if (owner === null && !wasApplied) {
      if (!pile.parked.has(key)) pile.parked.set(key, delivery)
      return "parked"
    }
    pile.parked.delete(key)
    pile.dead.delete(key)
    pile.applied.add(key)
    pile.settled.push(delivery)
    if (owner === null || wasApplied || isErased(owner)) return "known"
    pile.told.push({ delivery, owner })
    return "applied"
  }

  const giveUp = (undeliverable: Inbox.Undeliverable, { isKnown, owner }: Found): Inbox.Fate => {
    const key = keyOf(undeliverable)
    pile.parked.delete(key)
    if (isKnown || pile.applied.has(key) || isErased(owner)) return "known"
    if (!pile.dead.has(key)) pile.dead.set(key, undeliverable)
    return "dead"
  }

  const fates = all.map((found) =>
    found.message._tag === "Delivery" ? deliver(found.message, found) : giveUp(found.message, found)
  )
  const { dead, parked, settled, told } = pile
  return { fates, told, settled, parked: [...parked.values()], dead: [...dead.values()] }
}
