import type { Facts } from "../Facts.ts"
import type { Scalar } from "../Rule.ts"
import { type Field, fieldOf } from "../ruleFields.ts"
import { datesFor } from "./dates.ts"
import type { Ask } from "./Goal.ts"
import { attributesFor, countsFor } from "./numbers.ts"
import { textsFor } from "./texts.ts"

const currentNumber = ({ read }: Field, facts: Facts): number => {
  const [value] = read(facts)
  return typeof value === "number" ? value : 0
}

const ofType = (field: Field, asks: ReadonlyArray<Ask>, facts: Facts, at: number): ReadonlyArray<Scalar> => {
  switch (field.type) {
    case "text":
      return textsFor(field.name, asks)
    case "number":
      return countsFor(asks, currentNumber(field, facts))
    case "boolean":
    case "membership":
      return [true, false]
    case "date":
      return datesFor(asks, at)
    case "attribute":
      return attributesFor(field.name, asks)
    case "instant":
      return []
  }
}

/** Values, and none, that a field may have to have for what is asked of it; not every one of them has to do. */
export const valuesFor = (
  name: string,
  asks: ReadonlyArray<Ask>,
  facts: Facts,
  at: number
): ReadonlyArray<Scalar | null> => {
  const field = fieldOf(name)
  return field === undefined ? [] : [null, ...ofType(field, asks, facts, at)]
}
