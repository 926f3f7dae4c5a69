import type { Scalar } from "../Rule.ts"
import { type Ask, operandsOf } from "./Goal.ts"
import { beside, distinct, sortedBy } from "./orderedFirst.ts"
import { textsFor } from "./texts.ts"

const isNumber = (value: Scalar): value is number => typeof value === "number"

/** Whole numbers that a count may have to be for what is asked of it, those first that are nearest to what it is. */
export const countsFor = (asks: ReadonlyArray<Ask>, current: number): ReadonlyArray<number> => {
  const numbers = operandsOf(asks).filter(isNumber).flatMap(beside)
  return sortedBy(distinct([...numbers, 0, 1]), (number) => Math.abs(number - current))
}

/** Numbers in the middle of two that follow one another. */
const between = (numbers: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted.slice(1).map((number, index) => ((sorted[index] ?? number) + number) / 2)
}

/** Values of any kind that an attribute may have to have for what is asked of it. */
export const attributesFor = (field: string, asks: ReadonlyArray<Ask>): ReadonlyArray<Scalar> => {
  const operands = operandsOf(asks)
  const numbers = operands.filter(isNumber)
  const near = numbers.flatMap((number) => [number + 1, number - 1, ...beside(number), number * 2, number / 2])
  return distinct<Scalar>([...operands, ...textsFor(field, asks), ...near, ...between(numbers), 0, true, false])
}
