import type { Exports } from "@customer-service/core"

/** How many entries each place holds of a customer. */
export const entryCounts = ({ holders }: Exports.PersonalExport): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(holders).map(([place, entries]) => [place, entries.length]))
