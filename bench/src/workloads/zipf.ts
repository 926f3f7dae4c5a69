/** A small generator of uniform numbers in [0, 1) that gives the same ones in every run (mulberry32). */
const uniform = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const cumulated = (population: number, exponent: number): Float64Array => {
  const sums = new Float64Array(population)
  let sum = 0
  for (let rank = 0; rank < population; rank++) {
    sum += 1 / (rank + 1) ** exponent
    sums[rank] = sum
  }
  return sums
}

const firstAtLeast = (sums: Float64Array, wanted: number): number => {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sums[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

// Prime, and no divisor of a population used here: spreads neighbours in popularity over the whole range.
const spread = 7919

/**
 * `count` customers' numbers from 1 to `population`, the customer of rank r drawn in proportion to 1 / r ** exponent,
 * as shops see their customers: a few often, most seldom.
 */
export const zipfSample = (population: number, exponent: number, count: number): Uint32Array => {
  const sums = cumulated(population, exponent)
  const total = sums[population - 1] ?? 0
  const random = uniform(1)
  return Uint32Array.from({ length: count }, () => {
    const rank = firstAtLeast(sums, random() * total)
    return ((rank * spread) % population) + 1
  })
}
