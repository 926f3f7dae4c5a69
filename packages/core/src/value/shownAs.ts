/** A fragment of JSON Schema. */
type Fragment = Readonly<Record<string, unknown>>

/**
 * Annotates a check with what JSON Schema can say of it, for the API's documentation. The fragment may let more
 * through than the check, which stays the judge.
 */
export const shownAs = (fragment: Fragment): { readonly toJsonSchema: () => readonly [Fragment, true] } => ({
  toJsonSchema: () => [fragment, true]
})
