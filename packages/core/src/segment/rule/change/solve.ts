import { changedFacts } from "../applyChange.ts"
import type { Facts } from "../Facts.ts"
import type { DataChange } from "../RuleChange.ts"
import { addressChanges } from "./addresses.ts"
import { type Ask, isMembership, isReached, mayTry, type Scene } from "./Goal.ts"
import { goesBack, orderChanges, ordersOf } from "./orders.ts"
import { valuesFor } from "./values.ts"

/** A change of one variable that does, and how much it takes: 1 for one that comes about easily. */
export interface Solution {
  readonly change: DataChange
  readonly cost: number
}

const fieldChanges = (field: string, asks: ReadonlyArray<Ask>, { at, facts }: Scene): ReadonlyArray<DataChange> =>
  valuesFor(field, asks, facts, at).map((to) => ({ set: [{ field, to }] }))

const changesFor = (variable: string, asks: ReadonlyArray<Ask>, scene: Scene): ReadonlyArray<DataChange> => {
  if (variable === "orders") return orderChanges(asks, scene)
  return variable === "addresses" ? addressChanges(asks, scene) : fieldChanges(variable, asks, scene)
}

const costOfMore = 0.1

const costOf = (
  variable: string,
  { addAddresses = [], removeAddresses = [], set }: DataChange,
  changed: Facts,
  facts: Facts
) => {
  const more = (set.length + addAddresses.length + removeAddresses.length - 1) * costOfMore
  if (variable === "orders") return more + (goesBack(ordersOf(changed), ordersOf(facts)) ? 2 : 1)
  if (variable === "addresses") return more + (removeAddresses.length > 0 ? 1.2 : 1)
  return isMembership(variable) || variable === "status" ? 1.5 : 1
}

/** The change of one variable that comes about most easily and does for all that is asked of it; undefined without any. */
export const solve = (variable: string, asks: ReadonlyArray<Ask>, scene: Scene): Solution | undefined => {
  for (const change of changesFor(variable, asks, scene)) {
    if (!mayTry(scene.effort)) return undefined
    const changed = changedFacts(scene.facts, change, scene.at)
    if (changed !== undefined && asks.every((ask) => isReached(ask, changed, scene.at))) {
      return { change, cost: costOf(variable, change, changed, scene.facts) }
    }
  }
  return undefined
}
