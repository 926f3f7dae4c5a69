import { assert, layer } from "@effect/vitest"
import { Array, DateTime, Effect, type Layer, Option, Result, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import type { CustomerId } from "../customer/CustomerId.ts"
import { Session, SessionId } from "../identity/Session.ts"
import { defaultTimeoutSeconds, SessionStore } from "../identity/SessionStore.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { forAll } from "./forAll.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { session } from "./sessionArbitraries.ts"
import { circumstances, freshCustomerId } from "./strangers.ts"

/** The store's time-out in seconds, and how time passes for it. */
export interface SessionTime<R = never> extends PassingTime<R> {
  readonly timeoutSeconds: number
}

const defaultTime: SessionTime = { ...testTime, timeoutSeconds: defaultTimeoutSeconds }

/**
 * The contract of {@link SessionStore}. Customers are the tests' own, so that the store may be shared. The time-out
 * should be a minute or more, so that none runs out while a test is at work.
 */
export const sessionStoreContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<SessionStore | R, E>,
  time: SessionTime<R | SessionStore> = defaultTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of SessionStore`, (it) => {
    keeping(it)
    timingOut(it, time)
    changing(it, time)
    endingMany(it)
  })

const freshSession = (customerId: CustomerId = freshCustomerId(), minutes = 0): Session => {
  const openedAt = DateTime.add(circumstances().now, { minutes })
  const id = SessionId.make(SecureRandom.uuidV7Unsafe())
  return { id, customerId, epoch: 0, openedAt, refreshedAt: openedAt, secret: "0".repeat(64) }
}

const encode = Schema.encodeSync(Session)

const plain = (one: Session) => encode(one)

const opened = Effect.fnUntraced(function* (...sessions: ReadonlyArray<Session>) {
  const store = yield* SessionStore
  yield* Effect.forEach(sessions, (one) => store.open(one))
})

const isOpen = ({ id }: Session) => Effect.flatMap(SessionStore, (store) => Effect.map(store.find(id), Option.isSome))

const listed = (customerId: CustomerId) =>
  Effect.flatMap(SessionStore, (store) => Effect.map(store.list(customerId), (sessions) => sessions.map(plain)))

const nextEpoch = (current: Session): Result.Result<Session> => Result.succeed({ ...current, epoch: current.epoch + 1 })

const keeping = (it: ContractSuite<SessionStore>): void => {
  it.effect("a session that was opened is found until it is ended", () =>
    forAll(
      session,
      20,
      Effect.fnUntraced(function* (sample) {
        const store = yield* SessionStore
        const mine = { ...sample, id: freshSession().id, customerId: freshCustomerId() }
        assert.isFalse(yield* isOpen(mine))
        yield* opened(mine)
        assert.deepStrictEqual(Option.map(yield* store.find(mine.id), plain), Option.some(plain(mine)))
        assert.deepStrictEqual(yield* listed(mine.customerId), [plain(mine)])
        yield* store.end(mine.id)
        assert.isFalse(yield* isOpen(mine))
        assert.deepStrictEqual(yield* listed(mine.customerId), [])
        yield* store.end(mine.id)
      })
    )
  )

  it.effect("list gives a customer's open sessions, newest first", () =>
    Effect.gen(function* () {
      const store = yield* SessionStore
      const customerId = freshCustomerId()
      const [first, second, third] = [
        freshSession(customerId, 1),
        freshSession(customerId, 2),
        freshSession(customerId, 3)
      ]
      assert.deepStrictEqual(yield* listed(customerId), [])
      yield* opened(second, third, first, freshSession())
      assert.deepStrictEqual(yield* listed(customerId), [third, second, first].map(plain))
      yield* store.end(second.id)
      assert.deepStrictEqual(yield* listed(customerId), [third, first].map(plain))
    })
  )
}

const timingOut = <R>(it: ContractSuite<SessionStore | R>, time: SessionTime<R | SessionStore>): void => {
  it.effect("a session that nobody uses for the time-out is over", () =>
    Effect.gen(function* () {
      const unused = freshSession()
      yield* opened(unused)
      yield* time.advance({ seconds: time.timeoutSeconds + 1 })
      assert.isFalse(yield* isOpen(unused))
      assert.deepStrictEqual(yield* listed(unused.customerId), [])
    })
  )

  it.effect("finding or changing a session starts its time anew, listing does not", () =>
    Effect.gen(function* () {
      const store = yield* SessionStore
      const customerId = freshCustomerId()
      const [found, changed, unused] = [
        freshSession(customerId, 1),
        freshSession(customerId, 2),
        freshSession(customerId)
      ]
      yield* opened(found, changed, unused)
      for (const round of Array.range(1, 3)) {
        yield* time.advance({ seconds: time.timeoutSeconds * 0.6 })
        assert.isTrue(yield* isOpen(found))
        assert.strictEqual((yield* store.modify(changed.id, nextEpoch)).epoch, round)
        assert.lengthOf(yield* listed(customerId), round === 1 ? 3 : 2)
      }
      assert.isFalse(yield* isOpen(unused))
      assert.deepStrictEqual(yield* listed(customerId), [plain({ ...changed, epoch: 3 }), plain(found)])
    })
  )
}

const changing = <R>(it: ContractSuite<SessionStore | R>, time: SessionTime<R | SessionStore>): void => {
  it.effect("20 concurrent changes of one session lose none", () =>
    Effect.gen(function* () {
      const store = yield* SessionStore
      const mine = freshSession()
      yield* opened(mine)
      const change = store.modify(mine.id, nextEpoch)
      const changed = yield* Effect.all(Array.replicate(change, 20), { concurrency: "unbounded" })
      const epochs = changed.map(({ epoch }) => epoch).sort((one, other) => one - other)
      assert.deepStrictEqual(epochs, Array.range(1, 20))
      assert.deepStrictEqual(yield* listed(mine.customerId), [plain({ ...mine, epoch: 20 })])
    })
  )

  it.effect("a change whose decision fails changes nothing", () =>
    Effect.gen(function* () {
      const store = yield* SessionStore
      const mine = freshSession()
      yield* opened(mine)
      const refused = yield* Effect.flip(store.modify(mine.id, () => Result.fail("refused" as const)))
      assert.strictEqual(refused, "refused")
      assert.deepStrictEqual(Option.map(yield* store.find(mine.id), plain), Option.some(plain(mine)))
    })
  )

  it.effect("a change of a session that is over fails with SessionNotFound, and does not bring it back", () =>
    Effect.gen(function* () {
      const store = yield* SessionStore
      const [ended, unused, raced] = [freshSession(), freshSession(), freshSession()]
      yield* opened(ended, unused)
      yield* store.end(ended.id)
      yield* time.advance({ seconds: time.timeoutSeconds + 1 })
      for (const over of [ended, unused]) {
        const error = yield* Effect.flip(store.modify(over.id, nextEpoch))
        assert.deepInclude(error, { _tag: "SessionNotFound", sessionId: over.id })
        assert.isFalse(yield* isOpen(over))
      }
      yield* opened(raced)
      const change = Effect.ignore(store.modify(raced.id, nextEpoch))
      const race = [...Array.replicate(change, 10), store.end(raced.id), ...Array.replicate(change, 10)]
      yield* Effect.all(race, { concurrency: "unbounded" })
      assert.isFalse(yield* isOpen(raced))
      assert.deepStrictEqual(yield* listed(raced.customerId), [])
    })
  )
}

const endingMany = (it: ContractSuite<SessionStore>): void => {
  it.effect("ending all of a customer's sessions ends each of hers and nobody else's", () =>
    Effect.gen(function* () {
      const store = yield* SessionStore
      const customerId = freshCustomerId()
      const hers = Array.makeBy(5, () => freshSession(customerId))
      const stranger = freshSession()
      yield* opened(...hers, stranger)
      yield* store.endAll(customerId)
      assert.deepStrictEqual(yield* Effect.forEach(hers, isOpen), Array.replicate(false, 5))
      assert.deepStrictEqual(yield* listed(customerId), [])
      assert.isTrue(yield* isOpen(stranger))
      yield* store.endAll(customerId)
    })
  )

  it.effect("ending all but one leaves that one", () =>
    Effect.gen(function* () {
      const store = yield* SessionStore
      const customerId = freshCustomerId()
      const [one, kept, other] = [freshSession(customerId), freshSession(customerId), freshSession(customerId)]
      yield* opened(one, kept, other)
      yield* store.endAll(customerId, kept.id)
      assert.deepStrictEqual(yield* Effect.forEach([one, kept, other], isOpen), [false, true, false])
      assert.deepStrictEqual(yield* listed(customerId), [plain(kept)])
    })
  )
}
