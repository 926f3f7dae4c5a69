import type { Address } from "../../../customer/AddressBook.ts"
import type { AddedAddress, DataChange } from "../RuleChange.ts"
import { addressFor, does, withOnly } from "./addedAddress.ts"
import { type Ask, isReached, type Scene } from "./Goal.ts"
import { setAddresses } from "./setAddresses.ts"

type Added = ReadonlyArray<AddedAddress>

const changeOf = (removed: ReadonlyArray<Address>, addAddresses: Added): DataChange => ({
  set: [],
  ...(addAddresses.length === 0 ? {} : { addAddresses }),
  ...(removed.length === 0 ? {} : { removeAddresses: removed.map(({ id }) => id) })
})

/** As they come, as defaults, and beside a default. */
const variants = (added: Added): ReadonlyArray<Added> => [
  added,
  added.map((address) => ({ ...address, isDefault: true })),
  [{ isDefault: true }, ...added]
]

/** What may be added to meet what is asked for and not met: one address for all of it, or one for each. */
const additions = (unmet: ReadonlyArray<Ask>, forbidden: ReadonlyArray<Ask>, scene: Scene): ReadonlyArray<Added> => {
  if (unmet.length === 0) return [[]]
  if (scene.mostAddresses <= 0) return []
  const one = addressFor([...unmet, ...forbidden], scene)
  if (one !== undefined) return variants([one])
  if (unmet.length === 1 || unmet.length > scene.mostAddresses) return []
  const several = unmet.flatMap((ask) => addressFor([ask, ...forbidden], scene) ?? [])
  return several.length === unmet.length ? variants(several) : []
}

/** Changes of an address book that may do for what is asked of it, those that leave most of it first. */
export const addressChanges = (asks: ReadonlyArray<Ask>, scene: Scene): ReadonlyArray<DataChange> => {
  const { at, facts, mostAddresses } = scene
  const book = facts.customer.addresses
  const without = withOnly(facts, [])
  const forbidden = asks.filter((ask) => isReached(ask, without, at))
  const sought = asks.filter((ask) => !forbidden.includes(ask))
  const offending = book.filter((address) => !does(address, forbidden, scene))
  const removals = offending.length === book.length ? [book] : [offending, book]
  return removals.flatMap((removed) => {
    const left = setAddresses(facts, changeOf(removed, []), at) ?? facts
    const unmet = sought.filter((ask) => !isReached(ask, left, at))
    const room = mostAddresses - book.length + removed.length
    return additions(unmet, forbidden, { ...scene, facts: left, mostAddresses: room })
      .filter((added) => added.length <= room)
      .map((added) => changeOf(removed, added))
  })
}
