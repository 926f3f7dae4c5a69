import { customerId } from "./seededCustomers.ts"

/** Everybody's password who logs in. */
export const password = "correct horse battery staple"

/** They come after the customers whose reads are measured: a login is a new version of its customer. */
const first = 1001
const last = 6000

/** Seeded customer `number` is no active one where it ends in 0. */
const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
  (number) => number % 10 > 0
)

/** Their mail addresses, as `seed.ts` makes them. */
export const emails: ReadonlyArray<string> = numbers.map((number) => `customer${number}@example.com`)

/** Their ids, in the same order. */
export const ids: ReadonlyArray<string> = numbers.map(customerId)
