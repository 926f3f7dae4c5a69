import type { CustomerMemory } from "./CustomerMemory.ts"

type Memory = CustomerMemory["Service"]

/** How writes to the memory are taken back, as those of a transaction that fails. */
export interface MemoryUndo {
  /** To be called before an entry of a map is written or removed. */
  readonly note: <K, V>(map: Map<K, V>, key: K) => void
  /** To be called before a member is added to a set. */
  readonly noteMember: <K>(set: Set<K>, member: K) => void
  /** Puts everything back that was noted, and takes away what the lists have got since. */
  readonly run: () => void
}

/** Remembers how the memory is. Whoever calls it holds the memory's one permit until the writes are over. */
export const memoryUndo = ({ audits, consents, events, tierChanges }: Memory): MemoryUndo => {
  const lengths = [audits, consents, events, tierChanges].map((list) => [list, list.length] as const)
  const steps: Array<() => void> = []
  return {
    note: (map, key) => {
      const before = map.has(key) ? [map.get(key)] : []
      steps.push(() => {
        map.delete(key)
        for (const value of before) if (value !== undefined) map.set(key, value)
      })
    },
    noteMember: (set, member) => {
      if (!set.has(member)) steps.push(() => void set.delete(member))
    },
    run: () => {
      for (const step of steps.toReversed()) step()
      for (const [list, length] of lengths) list.length = length
    }
  }
}
