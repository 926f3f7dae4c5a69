/** A source of numbers that are the same for the same seeds, on every machine. */
export interface SeededRandom {
  /** From 0 up to, and without, 1. */
  readonly fraction: () => number
  /** A whole number from `minimum` to `maximum`, both included. */
  readonly between: (minimum: number, maximum: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(choices: readonly [A, ...ReadonlyArray<A>]) => A
  /** A UUID version 7 of this time (milliseconds since the epoch). */
  readonly uuid: (time: number) => string
}

const warmUp = 15

/** The generator "sfc32": four words of state, the seeds among them, so that different seeds never meet. */
const sfc32 = (seed: number, index: number): (() => number) => {
  let [a, b, c, counter] = [seed, index, 0x9e3779b9, 1]
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((((c << 21) | (c >>> 11)) >>> 0) + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < warmUp; round++) next()
  return next
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0").slice(-digits)

/** The numbers of one seed's `index`-th customer; both are whole numbers of 32 bits. */
export const make = (seed: number, index: number): SeededRandom => {
  const next = sfc32(seed, index)
  const fraction = () => next() / 2 ** 32
  const between = (minimum: number, maximum: number) => minimum + Math.floor(fraction() * (maximum - minimum + 1))
  return {
    fraction,
    between,
    chance: (probability) => fraction() < probability,
    pick: (choices) => choices[Math.floor(fraction() * choices.length)] ?? choices[0],
    uuid: (time) => {
      const stamp = hex(time, 12)
      const variant = hex(0x8000 | (next() >>> 18), 4)
      const tail = hex(next(), 8) + hex(next(), 4)
      return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(next(), 3)}-${variant}-${tail}`
    }
  }
}
