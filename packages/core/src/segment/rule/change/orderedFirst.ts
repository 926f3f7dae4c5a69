/** Without repetitions, in the order of their first occurrence. */
export const distinct = <A>(values: Iterable<A>): ReadonlyArray<A> => [...new Set(values)]

/** From the lowest to the highest by a measure; those of one measure keep their order. */
export const sortedBy = <A>(values: ReadonlyArray<A>, measure: (value: A) => number): ReadonlyArray<A> =>
  values
    .map((value) => [measure(value), value] as const)
    .sort(([one], [other]) => one - other)
    .map(([, value]) => value)

/** Whole numbers at and just beside a number, the nearest first. */
export const beside = (value: number): ReadonlyArray<number> =>
  distinct([Math.floor(value), Math.ceil(value), Math.floor(value) - 1, Math.ceil(value) + 1])
