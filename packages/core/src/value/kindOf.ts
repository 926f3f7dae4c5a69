/** What kind an unexpected error is, for a log: its text may repeat what it is about. */
export const kindOf = (error: unknown): string => {
  if (typeof error === "object" && error !== null && "_tag" in error) return String(error._tag)
  return error instanceof Error ? error.name : typeof error
}
