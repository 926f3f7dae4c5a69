import { byIndexAlone } from "./byIndexAlone.ts"

// Any number that nothing else in the database locks.
const key = "7007"

const shared = `pg_advisory_xact_lock_shared(${key})`

/**
 * Keeps the rules in force as they are for the rest of the transaction. Whoever moves customers between segments takes
 * this before any row; the next statement sees what the last switch wrote.
 */
export const keepRules = `SELECT ${shared}`

/** The same, and has rows looked up by index alone. */
export const keepRulesByIndex = `${byIndexAlone}, ${shared}`

/** Waits until nobody goes by the rules in force, and has them alone for the rest of the transaction. */
export const ownRules = `SELECT pg_advisory_xact_lock(${key})`
