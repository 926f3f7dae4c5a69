import {
  type CustomerId,
  CustomerRepository,
  PersonalDataStore,
  SegmentMemberships,
  SegmentRecomputes
} from "@customer-service/core"
import { assert, layer } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { ownRules } from "../src/segmentLock.ts"
import { AnotherProcess, besideAnother, killWaiting, locking, untilWaiting } from "./support/anotherProcess.ts"
import { beginErasure } from "./support/people.ts"
import {
  isMember,
  newSegment,
  ofLevel,
  peopleOf,
  recompute,
  review,
  setLevel,
  settle,
  someoneOf,
  toldOf
} from "./support/segmentPeople.ts"

const lockCustomer = (id: CustomerId) =>
  locking((sql) => sql`SELECT id FROM customers WHERE id = ${id} FOR NO KEY UPDATE`)

layer(besideAnother, { excludeTestServices: true })("segments beside another process", (it) => {
  it.effect("a write that began before a rule was known is over before anybody is compared with it", () =>
    Effect.gen(function* () {
      const recomputes = yield* SegmentRecomputes.SegmentRecomputes
      const { customers } = yield* AnotherProcess
      const id = yield* someoneOf(1)
      const { letGo } = yield* locking(() => Effect.orDie(setLevel(customers, id, 2)))
      const segment = yield* newSegment(ofLevel(2))
      for (const _ of [1, 2, 3]) assert.strictEqual((yield* recompute(recomputes, () => true))?.state, "waiting")
      yield* letGo
      yield* recompute(recomputes)
      assert.isTrue(yield* isMember(id, segment.id))
    })
  )

  it.effect("a switch waits for reviews that are under way, and a review for the switch", () =>
    Effect.gen(function* () {
      const { recomputes } = yield* AnotherProcess
      const memberships = yield* SegmentMemberships.SegmentMemberships
      const customers = yield* CustomerRepository.CustomerRepository
      const id = yield* someoneOf(3)
      const segment = yield* newSegment(ofLevel(3))
      const reviewing = yield* lockCustomer(id)
      yield* setLevel(customers, yield* someoneOf(3), 4)
      const alone = yield* Effect.forkChild(review(memberships, [id]))
      yield* untilWaiting(1)
      const switching = yield* Effect.forkChild(recompute(recomputes, (state) => state === "telling"))
      yield* untilWaiting(2)
      assert.isFalse(yield* isMember(id, segment.id))
      yield* reviewing.letGo
      yield* Fiber.join(alone)
      assert.strictEqual((yield* Fiber.join(switching))?.state, "telling")
      assert.isTrue(yield* isMember(id, segment.id))
      const switchUnderWay = yield* locking((sql) => sql.unsafe(ownRules))
      const waiting = yield* Effect.forkChild(settle(memberships))
      yield* untilWaiting(1)
      yield* switchUnderWay.letGo
      assert.lengthOf(yield* Fiber.join(waiting), 1)
      yield* recompute(recomputes)
    })
  )

  it.effect("a recompute whose process is killed in the middle of any step ends with the same memberships", () =>
    Effect.gen(function* () {
      const recomputes = yield* SegmentRecomputes.SegmentRecomputes
      const ids = yield* peopleOf(5, 7)
      // Comparing, switching and telling each write to one of these first.
      for (const table of ["segment_recompute_moves", "customer_segment_memberships", "outbox_events"]) {
        const segment = yield* newSegment(ofLevel(5))
        const { letGo } = yield* locking((sql) => sql`LOCK TABLE ${sql(table)} IN SHARE MODE`)
        const victim = yield* Effect.forkChild(recompute(recomputes))
        yield* killWaiting
        assert.isTrue(Exit.isFailure(yield* Fiber.await(victim)))
        const isSwitched = table === "outbox_events"
        for (const id of ids) assert.strictEqual(yield* isMember(id, segment.id), isSwitched, table)
        yield* letGo
        yield* recompute(recomputes)
        for (const id of ids) {
          assert.deepStrictEqual([yield* isMember(id, segment.id), yield* toldOf(id, segment.name)], [true, ["member"]])
        }
      }
    })
  )

  it.effect("whoever is erased while a segment is recomputed moves no more, and leaves nothing behind", () =>
    Effect.gen(function* () {
      const recomputes = yield* SegmentRecomputes.SegmentRecomputes
      const store = yield* PersonalDataStore
      const [early, late] = [yield* someoneOf(6), yield* someoneOf(6)]
      const others = yield* peopleOf(6, 2)
      const segment = yield* newSegment(ofLevel(6))
      const erase = Effect.fnUntraced(function* (id: CustomerId) {
        yield* beginErasure(id)
        yield* store.erase(id)
        assert.deepStrictEqual(yield* store.remainders(id), [])
      })
      const most = 1000
      yield* recompute(recomputes, (state) => state === "comparing", most)
      yield* erase(early)
      yield* recompute(recomputes, (state) => state === "telling", most)
      yield* erase(late)
      yield* recompute(recomputes)
      for (const id of [early, late]) {
        assert.deepStrictEqual(yield* toldOf(id, segment.name), [])
        assert.deepStrictEqual(yield* store.remainders(id), [])
      }
      for (const id of others) assert.deepStrictEqual(yield* toldOf(id, segment.name), ["member"])
    })
  )

  it.effect("a review of one customer waits for her, one of several leaves her to whoever is changing her", () =>
    Effect.gen(function* () {
      const memberships = yield* SegmentMemberships.SegmentMemberships
      const customers = yield* CustomerRepository.CustomerRepository
      const [one, other] = [yield* someoneOf(7), yield* someoneOf(7)]
      const segment = yield* newSegment(ofLevel(8))
      yield* recompute(yield* SegmentRecomputes.SegmentRecomputes)
      for (const id of [one, other]) yield* setLevel(customers, id, 8)
      const { letGo } = yield* lockCustomer(one)
      const reviewed = yield* review(memberships, [one, other])
      assert.deepStrictEqual(
        reviewed.map(({ customer }) => customer.id),
        [other]
      )
      const waiting = yield* Effect.forkChild(review(memberships, [one]))
      yield* untilWaiting(1)
      yield* letGo
      assert.lengthOf(yield* Fiber.join(waiting), 1)
      for (const id of [one, other]) assert.isTrue(yield* isMember(id, segment.id))
    })
  )

  it.effect("two processes that look at everybody whose time has come tell of each once", () =>
    Effect.gen(function* () {
      const here = yield* SegmentMemberships.SegmentMemberships
      const { memberships: there } = yield* AnotherProcess
      const sql = yield* SqlClient.SqlClient
      const customers = yield* CustomerRepository.CustomerRepository
      const ids = yield* peopleOf(9, 30)
      const segment = yield* newSegment(ofLevel(10))
      yield* recompute(yield* SegmentRecomputes.SegmentRecomputes)
      yield* Effect.forEach(ids, (id) => setLevel(customers, id, 10), { concurrency: 10, discard: true })
      const reviewed = yield* Effect.all([settle(here), settle(there), settle(here), settle(there)], {
        concurrency: "unbounded"
      })
      assert.sameMembers(reviewed.flat(), ids)
      for (const id of ids) assert.deepStrictEqual(yield* toldOf(id, segment.name), ["member"])
      const due = yield* sql`SELECT customer_id FROM customer_segment_reviews WHERE fields <> '{}'`
      assert.deepStrictEqual(due, [])
    })
  )
})
