import { type DateTime, Result } from "effect"
import type { InvalidInput } from "../customer/CustomerErrors.ts"
import type { Rule } from "./rule/Rule.ts"
import { isBehind, type Segment, type SegmentId, ruleOfHands } from "./Segment.ts"
import {
  SegmentInUse,
  SegmentLimitExceeded,
  SegmentNameTaken,
  SegmentNotFound,
  SegmentVersionConflict
} from "./SegmentErrors.ts"
import { issueAt, type NewSegment, readGivenRule, type SegmentChanges } from "./SegmentInput.ts"
import { cycleThrough, dependentsOf } from "./segmentDependencies.ts"

/** So many segments may there be: each one is looked at when a customer changes. */
export const mostSegments = 500

type Segments = ReadonlyArray<Segment>

const ruleOf = ({ kind, rule }: NewSegment): Result.Result<Rule, InvalidInput> => {
  if (kind === "manual") {
    return rule === undefined
      ? Result.succeed(ruleOfHands)
      : Result.fail(issueAt("rule", "is not for a segment filled by hand"))
  }
  return rule === undefined ? Result.fail(issueAt("rule", 'is required, unless kind is "manual"')) : readGivenRule(rule)
}

const withoutCycle = <A extends Pick<Segment, "name" | "rule">>(
  segment: A,
  segments: Segments
): Result.Result<A, InvalidInput> => {
  const cycle = cycleThrough(segment, segments)
  return cycle === undefined
    ? Result.succeed(segment)
    : Result.fail(issueAt("rule", `asks for membership in a circle: ${cycle.join(" asks for ")}`))
}

/** A segment whose rule is the one in force already has that in force under its own version. */
const inLine = (segment: Segment): Segment =>
  isBehind(segment) ? segment : { ...segment, inForce: { ...segment.inForce, version: segment.version } }

/** A segment in which nobody is as yet; fails where its name is taken, or its rule makes no sense. */
export const create = (
  segments: Segments,
  input: NewSegment,
  id: SegmentId,
  now: DateTime.Utc
): Result.Result<Segment, InvalidInput | SegmentLimitExceeded | SegmentNameTaken> => {
  const { description, kind = "rule", name } = input
  if (segments.some((segment) => segment.name === name)) return Result.fail(new SegmentNameTaken({ name }))
  if (segments.length >= mostSegments) return Result.fail(new SegmentLimitExceeded({ limit: mostSegments }))
  return Result.flatMap(ruleOf(input), (rule) =>
    withoutCycle(
      inLine({
        id,
        name,
        ...(description === undefined ? {} : { description }),
        kind,
        rule,
        version: 1,
        isActive: true,
        isLeaving: false,
        inForce: { rule: ruleOfHands, version: 0, isActive: true },
        createdAt: now,
        updatedAt: now
      }),
      segments
    )
  )
}

/** The segment of this id or name as it is to be changed. */
const admitted = (segments: Segments, reference: string, expectedVersion: ExpectedSegmentVersion) => {
  const segment = findIn(segments, reference)
  if (segment === undefined || segment.isLeaving) return Result.fail(new SegmentNotFound({ segment: reference }))
  return expectedVersion === undefined || [expectedVersion].flat().includes(segment.version)
    ? Result.succeed(segment)
    : Result.fail(new SegmentVersionConflict({ name: segment.name, current: segment.version }))
}

/** The version that a caller expects a segment to have, or several of which it must be one. */
export type ExpectedSegmentVersion = number | ReadonlyArray<number> | undefined

/** The segment of an id, or else of a name. */
export const findIn = (segments: Segments, reference: string): Segment | undefined =>
  segments.find(({ id }) => id === reference.toLowerCase()) ?? segments.find(({ name }) => name === reference)

const ruleAfter = (segment: Segment, rule: SegmentChanges["rule"]): Result.Result<Rule, InvalidInput> => {
  if (rule === undefined) return Result.succeed(segment.rule)
  return segment.kind === "manual"
    ? Result.fail(issueAt("rule", "is not for a segment filled by hand"))
    : readGivenRule(rule)
}

/** The segment with its changes; where its rule is the one in force already, that is of the new version from now on. */
const changed = (
  segment: Segment,
  { description, isActive }: SegmentChanges,
  rule: Rule,
  now: DateTime.Utc
): Segment => {
  const described = description === undefined ? segment.description : (description ?? undefined)
  return inLine({
    ...segment,
    description: described,
    rule,
    isActive: isActive ?? segment.isActive,
    version: segment.version + 1,
    updatedAt: now
  })
}

/** A segment with what is to become of it; herself under the same version where nothing is changed. */
export const update = (
  segments: Segments,
  reference: string,
  changes: SegmentChanges,
  expectedVersion: ExpectedSegmentVersion,
  now: DateTime.Utc
): Result.Result<Segment, InvalidInput | SegmentNotFound | SegmentVersionConflict> =>
  Result.gen(function* () {
    const segment = yield* admitted(segments, reference, expectedVersion)
    const rule = yield* ruleAfter(segment, changes.rule)
    const wanted = changed(segment, changes, rule, now)
    yield* withoutCycle(wanted, segments)
    const isSame =
      wanted.description === segment.description &&
      wanted.isActive === segment.isActive &&
      JSON.stringify(rule) === JSON.stringify(segment.rule)
    return isSame ? segment : wanted
  })

/** A segment on its way out: it is gone once nobody belongs to it. Fails where rules of others ask for it. */
export const remove = (
  segments: Segments,
  reference: string,
  expectedVersion: ExpectedSegmentVersion,
  now: DateTime.Utc
): Result.Result<Segment, SegmentInUse | SegmentNotFound | SegmentVersionConflict> =>
  Result.gen(function* () {
    const segment = yield* admitted(segments, reference, expectedVersion)
    const by = dependentsOf(segment.name, segments).map(({ name }) => name)
    if (by.length > 0) return yield* Result.fail(new SegmentInUse({ name: segment.name, by }))
    return { ...segment, isLeaving: true, version: segment.version + 1, updatedAt: now }
  })
