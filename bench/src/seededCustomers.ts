/** How many customers the database holds. */
export const customers = 100_000

/** How many of them are about these days: those with the lowest numbers. */
export const activeCustomers = 10_000

/** The id of seeded customer `number`, counted from 1; `seed.ts` makes the same in SQL. */
export const customerId = (number: number): string => `018f0000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`
