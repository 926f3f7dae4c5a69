/** Text of somebody else's as the database takes it, and no longer than this. */
export const legible = (text: string, longest: number): string =>
  text.slice(0, longest).replaceAll("\0", "").toWellFormed()
