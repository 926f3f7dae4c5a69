import { randomBytes, randomInt } from "node:crypto"

/**
 * Values that stand nowhere else, each told from the other: whatever was planted is found again by its mark, and what
 * was planted where by the number behind it. None is longer than 11 characters, so that narrow columns take one.
 */
export interface Canary {
  /** What every value of this canary begins with. */
  readonly mark: string
  /** The next value. */
  readonly next: () => string
  /** A phone number of hers, as she writes it; the digits alone are its mark. */
  readonly phone: string
  readonly birthDate: string
  /** What her requests are named by: the one value that stands in logs. */
  readonly correlationId: string
  /** What must be found nowhere once she is erased, and but for the last never in a log. */
  readonly traces: ReadonlyArray<string>
  /** The values in a text, each once. */
  readonly valuesIn: (text: string) => ReadonlyArray<string>
}

/** Hatches a canary that nobody has seen. */
export const hatchCanary = (): Canary => {
  const mark = `zq${randomBytes(3).toString("hex")}`
  const subscriber = String(randomInt(10_000_000, 100_000_000))
  // A day that no other row of a test has.
  const birthDate = `19${randomInt(10, 30)}-0${randomInt(1, 10)}-${randomInt(10, 29)}`
  const correlationId = `cq${randomBytes(8).toString("hex")}`
  let count = 100
  return {
    mark,
    next: () => {
      count += 1
      return `${mark}${count}`
    },
    phone: `+49 30 ${subscriber}`,
    birthDate,
    correlationId,
    traces: [mark, subscriber, birthDate, correlationId],
    valuesIn: (text) => [...new Set(text.match(new RegExp(`${mark}\\d{3}`, "g")))]
  }
}
