import type { CustomerId, CustomerReference } from "../customer/CustomerId.ts"
import type { CustomerMemory } from "../customer/CustomerMemory.ts"

type Memory = CustomerMemory["Service"]

/** A customer, her mail addresses and phones in lower case, and Magento's id of her. */
export interface Person {
  readonly id: CustomerId
  readonly identifiers: ReadonlySet<string>
  readonly legacyId?: number | undefined
}

/** One part of the memory: what it holds of a customer, and how it lets go of it. */
export interface Place {
  readonly place: string
  readonly fields: ReadonlyArray<string>
  readonly held: (memory: Memory, person: Person) => ReadonlyArray<unknown>
  /** What is personal in it; all that is held, unless told. */
  readonly personal?: (memory: Memory, person: Person) => ReadonlyArray<unknown>
  readonly erase: (memory: Memory, person: Person) => void
}

/** What stands in the place of whoever acted, and before the ids that were hers. */
export const nobody = "erased"

/** Whether a reference names her, by either id. */
export const names = (reference: CustomerReference, { id, legacyId }: Person): boolean =>
  reference._tag === "Id" ? reference.id === id : reference.legacyId === legacyId

/** Whether an entry mentions a mail address or phone of hers. */
export const mentions = (entry: unknown, { identifiers }: Person): boolean => {
  const text = String(JSON.stringify(entry)).toLowerCase()
  return [...identifiers].some((identifier) => text.includes(JSON.stringify(identifier).slice(1, -1)))
}
