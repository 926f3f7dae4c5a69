import { Effect } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { except, freshName, known, writeSegment } from "./segmentContractPeople.ts"

/** Has her belong by hand to a segment that is to follow what is personal: changes of that are to be reviewed. */
export const belonging = Effect.fnUntraced(function* (person: { readonly id: CustomerId; readonly word: string }) {
  const { id, word } = person
  const segment = yield* writeSegment({ name: freshName(), rule: { field: "email", op: "exists", value: true } })
  yield* except(id, segment, true, { reason: `${word} exception` })
})

/** Where she belongs, and what is still to be looked at, as lists. */
export const belongingsOf = Effect.fnUntraced(function* (id: CustomerId) {
  const { exceptions, memberships, ...rest } = (yield* known(id)).current
  return { ...rest, memberships: [...memberships.values()], exceptions: [...exceptions.values()] }
})
