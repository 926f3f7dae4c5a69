/** Entity tags: a customer's version in quotes (RFC 9110, section 8.8.3). */

/** The entity tag of a version. */
export const entityTag = (version: number): string => `"${version}"`

/** Whether an `If-None-Match` names this version: it holds still. */
export const holdsStill = (ifNoneMatch: string | undefined, version: number): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === "*" ||
    ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === entityTag(version)))

/** A version that no customer has. */
const none = -1

/**
 * The version that an `If-Match` asks for; undefined where any will do. Of several tags the first of ours counts; one
 * that is weak or none of ours matches nothing, as RFC 9110 has it.
 */
export const expectedVersion = (ifMatch: string | undefined): number | undefined => {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined
  const tag = /(?:^|,)\s*"(\d{1,10})"\s*(?:,|$)/.exec(ifMatch)
  return tag === null ? none : Number(tag[1])
}
