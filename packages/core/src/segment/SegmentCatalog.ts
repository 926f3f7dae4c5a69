import type { DateTime } from "effect"
import type { Membership, MembershipException } from "./Membership.ts"
import type { Facts } from "./rule/Facts.ts"
import { compileRule, isOpen, type Test } from "./rule/matches.ts"
import { timedClausesOf } from "./rule/nextFlip.ts"
import { membershipField } from "./rule/ruleFields.ts"
import type { Segment, SegmentId } from "./Segment.ts"
import { dependenciesOf, segmentsAskedIn } from "./segmentDependencies.ts"

/** A segment ready to be asked who belongs to it by rule. */
export interface CompiledSegment {
  readonly segment: Segment
  readonly test: Test
  readonly isTimed: boolean
}

/**
 * The segments there are, by the rules in force, so ordered that each stands behind those whose membership it asks for;
 * and for each field the segments that a change of it concerns, by their place in this order.
 */
export interface SegmentCatalog {
  readonly inOrder: ReadonlyArray<CompiledSegment>
  readonly byId: ReadonlyMap<SegmentId, CompiledSegment>
  readonly concernedBy: ReadonlyMap<string, ReadonlyArray<number>>
  readonly timed: ReadonlyArray<number>
}

/** Which other segments have to be decided before: a segment asked for that is not there holds nobody up. */
const inOrderOfNeed = (segments: ReadonlyArray<Segment>): ReadonlyArray<Segment> => {
  const byName = new Map(segments.map((segment) => [segment.name as string, segment]))
  const ordered = new Set<Segment>()
  const visiting = new Set<Segment>()
  const visit = (segment: Segment): void => {
    if (ordered.has(segment) || visiting.has(segment)) return
    visiting.add(segment)
    for (const asked of segmentsAskedIn(segment.inForce.rule)) {
      const other = byName.get(asked)
      if (other !== undefined) visit(other)
    }
    ordered.add(segment)
  }
  segments.forEach(visit)
  return [...ordered]
}

const placesByField = (inOrder: ReadonlyArray<CompiledSegment>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const places = new Map<string, Array<number>>([["status", inOrder.map((_, place) => place)]])
  for (const [place, { segment }] of inOrder.entries()) {
    for (const field of dependenciesOf(segment.inForce.rule)) {
      if (field !== "status") places.set(field, [...(places.get(field) ?? []), place])
    }
  }
  return places
}

/** A segment by its rule in force. */
export const compiledSegment = (segment: Segment): CompiledSegment => ({
  segment,
  test: compileRule(segment.inForce.rule),
  isTimed: timedClausesOf(segment.inForce.rule).length > 0
})

const compile = (segments: ReadonlyArray<Segment>): SegmentCatalog => {
  const inOrder = inOrderOfNeed(segments).map(compiledSegment)
  return {
    inOrder,
    byId: new Map(inOrder.map((compiled) => [compiled.segment.id, compiled])),
    concernedBy: placesByField(inOrder),
    timed: inOrder.flatMap(({ isTimed }, place) => (isTimed ? [place] : []))
  }
}

const compiled = new WeakMap<ReadonlyArray<Segment>, SegmentCatalog>()

/** The catalog of these segments; made once for each list of them. */
export const catalogOf = (segments: ReadonlyArray<Segment>): SegmentCatalog => {
  const known = compiled.get(segments)
  if (known !== undefined) return known
  const catalog = compile(segments)
  compiled.set(segments, catalog)
  return catalog
}

/** The name under which the move of somebody into or out of a segment is told to rules. */
export const moveOf = ({ name }: Segment): string => membershipField(name)

/** Whether somebody belongs to a segment by its rule in force, without what was done by hand. */
export const belongsByRule = ({ segment, test }: CompiledSegment, facts: Facts, now: DateTime.Utc): boolean =>
  segment.inForce.isActive && isOpen(facts) && test(facts, now.epochMilliseconds)

/** Whether somebody belongs to a segment, and whether a colleague's word decided that: nobody's counts where it is off. */
export const verdictOf = (
  compiled: CompiledSegment,
  facts: Facts,
  exception: MembershipException | undefined,
  now: DateTime.Utc
): { readonly belongs: boolean; readonly by: Membership["by"] } =>
  exception !== undefined && compiled.segment.inForce.isActive && isOpen(facts)
    ? { belongs: exception.member, by: "hand" }
    : { belongs: belongsByRule(compiled, facts, now), by: "rule" }
