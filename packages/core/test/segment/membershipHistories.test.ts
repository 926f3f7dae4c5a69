import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { CustomerId } from "../../src/customer/CustomerId.ts"
import { CustomerMemory } from "../../src/customer/CustomerMemory.ts"
import { factsInMemory } from "../../src/segment/factsInMemory.ts"
import { isOver } from "../../src/segment/MembershipDecisions.ts"
import { catalogOf, verdictOf } from "../../src/segment/SegmentCatalog.ts"
import { segmentList } from "../../src/segment/SegmentMemory.ts"
import { forAll } from "../../src/testing/index.ts"
import { besideMemory } from "../memoryLayers.ts"
import { beginning, histories, type Happening } from "./histories.ts"
import { everybody, finish, happen } from "./historyScene.ts"

type Memory = CustomerMemory["Service"]

const namesOf = ({ memberships, segments }: Memory, id: CustomerId): ReadonlyArray<string> =>
  [...(memberships.get(id)?.keys() ?? [])].map((segmentId) => segments.get(segmentId)?.name ?? "gone").sort()

/** Where the rules in force and the colleagues' words put her, given where she is. */
const expectedOf = (memory: Memory, id: CustomerId, now: DateTime.Utc): ReadonlyArray<string> =>
  factsInMemory(memory, id)
    .flatMap((facts) =>
      catalogOf(segmentList(memory)).inOrder.filter((compiled) => {
        const said = memory.exceptions.get(id)?.get(compiled.segment.id)
        const word = said === undefined || isOver(said, now) ? undefined : said
        return verdictOf(compiled, facts, word, now).belongs
      })
    )
    .map(({ segment }): string => segment.name)
    .sort()

interface Told {
  readonly segment: string
  readonly to: string
}

const isTold = (data: unknown): data is Told =>
  typeof data === "object" && data !== null && "change" in data && data.change === "membership"

/** Where she is by what was told of her, each telling being of a move. */
const toldOf = ({ events, segments, untold }: Memory, id: CustomerId): ReadonlyArray<string> => {
  const inside = new Set<string>()
  const move = (segment: string, joins: boolean): void => {
    assert.strictEqual(inside.has(segment), !joins, `told twice of ${segment}`)
    if (joins) inside.add(segment)
    else inside.delete(segment)
  }
  for (const { customerId, envelope } of events) {
    if (customerId === id && isTold(envelope.data)) move(envelope.data.segment, envelope.data.to === "member")
  }
  for (const [segmentId, { moves }] of untold) {
    const [segment, joins] = [segments.get(segmentId), moves.get(id)]
    if (segment !== undefined && joins !== undefined) move(segment.name, joins)
  }
  return [...inside].sort()
}

const assertTold = (memory: Memory): void => {
  for (const id of memory.customers.keys()) assert.deepStrictEqual(toldOf(memory, id), namesOf(memory, id))
}

const assertSettled = (memory: Memory, now: DateTime.Utc): void => {
  for (const id of memory.customers.keys()) {
    assert.deepStrictEqual(namesOf(memory, id), expectedOf(memory, id, now))
    const { change, reviewAt } = memory.reviews.get(id) ?? {}
    assert.isUndefined(change)
    assert.isTrue(reviewAt === undefined || DateTime.isGreaterThan(reviewAt, now))
  }
}

const live = (happenings: ReadonlyArray<Happening>) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(beginning.epochMilliseconds)
    const memory = yield* CustomerMemory
    const ids = yield* everybody
    for (const happening of happenings) {
      yield* happen(happening, ids)
      assertTold(memory)
      const now = yield* DateTime.now
      if (happening.kind === "settles" && memory.comparisons.size === 0) assertSettled(memory, now)
    }
    for (const later of ["0 millis", "1 day", "29 days", "400 days"] as const) {
      yield* TestClock.adjust(later)
      yield* finish
      assertTold(memory)
      assertSettled(memory, yield* DateTime.now)
      assert.deepStrictEqual([memory.untold.size, memory.comparisons.size], [0, 0])
    }
  }).pipe(Effect.provide(Layer.fresh(besideMemory)))

describe("whatever happened to customers and segments", () => {
  it.effect(
    "everybody is where the rules and the colleagues' words put her, and every move was told of once",
    () => forAll(histories, 200, live),
    60_000
  )
})
