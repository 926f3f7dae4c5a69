import { Session } from "@customer-service/core"
import { freshCustomerId } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Array, Effect, Option, Result, Schema } from "effect"
import { shared } from "./support/servers.ts"
import { advance, ask, Observer } from "./support/Observer.ts"
import { freshSession, isOpen, storeOn } from "./support/sessions.ts"

const sessionKey = ({ id }: Session.Session) => `customers:session:${id}`
const indexKey = ({ customerId }: Session.Session) => `customers:sessions:${customerId}`

const timeoutSeconds = 600
const encode = Schema.encodeSync(Session.Session)
const later = advance("customers:session*")
const secondsLeft = (key: string) => ask((redis) => redis.ttl(key))
const entriesOf = (session: Session.Session) => ask((redis) => redis.zrange(indexKey(session), "0", "-1"))
const nextEpoch = (session: Session.Session) => Result.succeed({ ...session, epoch: session.epoch + 1 })
const atOnce = { concurrency: "unbounded" } as const

layer(Observer.layer)("sessions in Redis", (it) => {
  it.effect("stand under the specification's key as JSON, for the time-out", () =>
    Effect.gen(function* () {
      const [store, session] = [yield* storeOn(shared), freshSession()]
      yield* store.open(session)
      const text = yield* ask((redis) => redis.get(sessionKey(session)))
      assert.deepStrictEqual(JSON.parse(text ?? ""), encode(session))
      assert.strictEqual(yield* secondsLeft(sessionKey(session)), timeoutSeconds)
    })
  )

  it.effect("live the whole time-out again when they are found or changed, not when they are listed", () =>
    Effect.gen(function* () {
      const [store, session] = [yield* storeOn(shared), freshSession()]
      yield* store.open(session)
      yield* later("100 seconds")
      yield* store.list(session.customerId)
      assert.strictEqual(yield* secondsLeft(sessionKey(session)), 500)
      yield* store.find(session.id)
      assert.strictEqual(yield* secondsLeft(sessionKey(session)), 600)
      yield* later("100 seconds")
      yield* store.modify(session.id, nextEpoch)
      assert.strictEqual(yield* secondsLeft(sessionKey(session)), 600)
    })
  )

  it.effect("stay in their customer's index for as long as they are used, and leave it to expire after", () =>
    Effect.gen(function* () {
      const [opener, user, session] = [yield* storeOn(shared), yield* storeOn(shared), freshSession()]
      yield* opener.open(session)
      for (const _ of Array.range(1, 12)) {
        yield* later({ seconds: 0.45 * timeoutSeconds })
        assert.isTrue(yield* isOpen(user, session))
        assert.isAbove(yield* secondsLeft(indexKey(session)), timeoutSeconds)
      }
      assert.lengthOf(yield* opener.list(session.customerId), 1)
      yield* later({ seconds: 2 * timeoutSeconds })
      assert.strictEqual(yield* ask((redis) => redis.exists(indexKey(session))), 0)
    })
  )

  it.effect("that are over leave the index when it is looked at", () =>
    Effect.gen(function* () {
      const [store, customerId] = [yield* storeOn(shared), freshCustomerId()]
      const [ended, open] = [freshSession(customerId), freshSession(customerId)]
      yield* Effect.forEach([ended, open], (session) => store.open(session))
      yield* store.end(ended.id)
      assert.sameMembers(yield* entriesOf(open), [ended.id, open.id])
      assert.lengthOf(yield* store.list(customerId), 1)
      assert.deepStrictEqual(yield* entriesOf(open), [open.id])
      yield* store.endAll(customerId)
      assert.deepStrictEqual(yield* entriesOf(open), [])
    })
  )

  it.effect("that were over long ago leave the index when another is opened", () =>
    Effect.gen(function* () {
      const [store, customerId] = [yield* storeOn(shared), freshCustomerId()]
      const session = freshSession(customerId)
      yield* ask((redis) =>
        redis.zadd(indexKey(session), Date.now() - 1, "long over", Date.now() + 60_000, "maybe not")
      )
      yield* store.open(session)
      assert.sameMembers(yield* entriesOf(session), ["maybe not", session.id])
    })
  )

  it.effect("are not there where the value is not one of ours", () =>
    Effect.gen(function* () {
      const [store, session] = [yield* storeOn(shared), freshSession()]
      for (const text of ["", "null", "{}", '{"id":1}', "[]"]) {
        yield* ask((redis) => redis.set(sessionKey(session), text))
        assert.deepStrictEqual(yield* store.find(session.id), Option.none())
        const error = yield* Effect.flip(store.modify(session.id, nextEpoch))
        assert.deepInclude(error, { _tag: "SessionNotFound" })
      }
    })
  )

  it.effect("are the same for all processes", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* storeOn(shared), yield* storeOn(shared)]
      const [session, second] = [freshSession(), freshSession()]
      yield* one.open(session)
      assert.isTrue(yield* isOpen(other, session))
      const changes = [one, other].flatMap((store) => Array.replicate(store.modify(session.id, nextEpoch), 10))
      yield* Effect.all(changes, atOnce)
      assert.strictEqual(Option.getOrThrow(yield* one.find(session.id)).epoch, 20)
      yield* other.end(session.id)
      assert.isFalse(yield* isOpen(one, session))
      yield* one.open(second)
      yield* other.endAll(second.customerId)
      assert.isFalse(yield* isOpen(one, second))
    })
  )

  it.effect("that were opened before all are ended are ended, whatever else goes on with them", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* storeOn(shared), yield* storeOn(shared)]
      const customerId = freshCustomerId()
      const sessions = Array.makeBy(50, () => freshSession(customerId))
      yield* Effect.forEach(sessions, (session) => one.open(session), atOnce)
      const uses = sessions.flatMap(({ id }) => [
        Effect.asVoid(one.find(id)),
        Effect.ignore(other.modify(id, nextEpoch)),
        Effect.asVoid(other.list(customerId))
      ])
      yield* Effect.all([...uses, other.endAll(customerId), ...uses], atOnce)
      assert.deepStrictEqual(yield* one.list(customerId), [])
      assert.isFalse((yield* Effect.forEach(sessions, (session) => isOpen(one, session))).includes(true))
    })
  )
})
