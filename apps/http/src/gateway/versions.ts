/** Entity tags: the version of a customer, or of a segment, in quotes (RFC 9110, section 8.8.3). */

/** The entity tag of a version. */
export const entityTag = (version: number): string => `"${version}"`

/** Whether an `If-None-Match` names this version: it holds still. */
export const holdsStill = (ifNoneMatch: string | undefined, version: number): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === "*" ||
    ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === entityTag(version)))

const ours = /^"([1-9]\d{0,9})"$/

/**
 * The versions that an `If-Match` asks for; undefined where any will do. A tag that is weak or none of ours matches
 * nothing, as RFC 9110 has it.
 */
export const expectedVersion = (ifMatch: string | undefined): ReadonlyArray<number> | undefined => {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined
  return ifMatch.split(",").flatMap((tag) => {
    const version = ours.exec(tag.trim())?.[1]
    return version === undefined ? [] : [Number(version)]
  })
}
