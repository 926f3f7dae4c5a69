import { assert, describe, it } from "@effect/vitest"
import { Array, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Decisions from "../src/customer/CustomerDecisions.ts"
import { CustomerDocuments } from "../src/customer/CustomerDocuments.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import { circumstances, freshLegacyId, registration, written } from "../src/testing/index.ts"
import { cacheScene, counted, Scene } from "./cacheScene.ts"

const rename = Effect.fnUntraced(function* (id: CustomerId, firstName: string) {
  const repository = yield* CustomerRepository
  return yield* repository.modify(id, (current) =>
    Decisions.update(current, { profile: { firstName } }, circumstances(60))
  )
})

const someoneCached = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  return yield* repository.insert(registration({ profile: { firstName: "Old" } }))
})

/** The names under which the customer is shown, by either way. */
const shownNames = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  const documents = yield* CustomerDocuments
  const { profile } = yield* repository.get(id)
  const { json } = yield* documents.find(id)
  return [profile.firstName, JSON.parse(json).profile.firstName]
})

const assertReadWithoutStore = Effect.fnUntraced(function* (id: CustomerId) {
  const scene = yield* Scene
  const before = scene.reads
  yield* shownNames(id)
  assert.strictEqual(scene.reads, before)
})

describe("while the cache does not answer", () => {
  it.effect("reads and writes keep answering", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const repository = yield* CustomerRepository
      const { id } = yield* someoneCached
      scene.cacheIsDown = true
      assert.deepStrictEqual(yield* shownNames(id), ["Old", "Old"])
      yield* rename(id, "New")
      assert.deepStrictEqual(yield* shownNames(id), ["New", "New"])
      const legacyId = freshLegacyId()
      const imported = yield* repository.insert(written({ ...registration().customer, legacyId }))
      assert.strictEqual((yield* repository.get(imported.id)).version, 1)
      assert.deepInclude(yield* repository.findByLegacyId(legacyId), { value: imported.id })
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("the log says so once, however long it lasts, and once when it is over", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someoneCached
      scene.cacheIsDown = true
      for (const _ of Array.range(1, 30)) {
        yield* shownNames(id)
        yield* TestClock.adjust("700 millis")
      }
      yield* rename(id, "New")
      assert.deepStrictEqual(
        scene.logged.map(({ level }) => level),
        ["Warn"]
      )
      scene.cacheIsDown = false
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        scene.logged.map(({ level }) => level),
        ["Warn", "Info"]
      )
      assert.isTrue(scene.logged.every(({ text }) => !text.includes(id)))
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("a metric counts the calls that got no answer, of which the log tells the first", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const repository = yield* CustomerRepository
      const { id } = yield* someoneCached
      assert.strictEqual(yield* counted("customer_cache_failures_total"), 0)
      scene.cacheIsDown = true
      yield* Effect.all(Array.replicate(repository.get(id), 20), { concurrency: "unbounded" })
      assert.strictEqual(yield* counted("customer_cache_failures_total"), 20)
      assert.strictEqual(yield* counted("customer_cache_misses_total"), 20)
      assert.lengthOf(scene.logged, 1)
    }).pipe(Effect.provide(cacheScene))
  )
})

describe("once the cache answers again", () => {
  it.effect("a customer written meanwhile is never shown as she was before", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someoneCached
      scene.cacheIsDown = true
      yield* rename(id, "New")
      scene.cacheIsDown = false
      for (const _ of Array.range(1, 40)) {
        assert.deepStrictEqual(yield* shownNames(id), ["New", "New"])
        yield* TestClock.adjust("100 millis")
      }
      yield* assertReadWithoutStore(id)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("a customer written while it catches up is never shown as she was before", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someoneCached
      scene.cacheIsDown = true
      yield* rename(id, "New")
      scene.cacheIsDown = false
      for (const round of Array.range(1, 40)) {
        yield* rename(id, `name ${round}`)
        assert.deepStrictEqual(yield* shownNames(id), [`name ${round}`, `name ${round}`])
        yield* TestClock.adjust("70 millis")
      }
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(yield* shownNames(id), ["name 40", "name 40"])
      yield* assertReadWithoutStore(id)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("an account closed meanwhile is closed", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const repository = yield* CustomerRepository
      const documents = yield* CustomerDocuments
      const { id } = yield* someoneCached
      scene.cacheIsDown = true
      yield* repository.modify(id, (current) => Decisions.deactivate(current, circumstances(60), 30))
      scene.cacheIsDown = false
      for (const _ of Array.range(1, 30)) {
        assert.strictEqual((yield* Effect.flip(documents.find(id)))._tag, "CustomerNotFound")
        yield* TestClock.adjust("100 millis")
      }
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("it is not trusted before the database answers too", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someoneCached
      scene.cacheIsDown = true
      yield* rename(id, "New")
      scene.cacheIsDown = false
      scene.storageIsDown = true
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Effect.flip(shownNames(id)))._tag, "StorageUnavailable")
      scene.storageIsDown = false
      assert.deepStrictEqual(yield* shownNames(id), ["New", "New"])
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* shownNames(id), ["New", "New"])
      yield* assertReadWithoutStore(id)
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("it is trusted again after every outage", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const { id } = yield* someoneCached
      for (const outage of Array.range(1, 3)) {
        scene.cacheIsDown = true
        yield* rename(id, `name ${outage}`)
        yield* TestClock.adjust("3 seconds")
        scene.cacheIsDown = false
        yield* TestClock.adjust("3 seconds")
        assert.deepStrictEqual(yield* shownNames(id), [`name ${outage}`, `name ${outage}`])
        yield* assertReadWithoutStore(id)
        assert.lengthOf(scene.logged, 2 * outage)
      }
    }).pipe(Effect.provide(cacheScene))
  )
})

describe("a write whose outcome is not known", () => {
  const renameWithoutAnswer = Effect.fnUntraced(function* (id: CustomerId) {
    const scene = yield* Scene
    scene.outcomeIsLost = true
    const error = yield* Effect.flip(rename(id, "New"))
    scene.outcomeIsLost = false
    assert.strictEqual(error._tag, "StorageUnavailable")
  })

  it.effect("is looked up in the store until the cache has it", () =>
    Effect.gen(function* () {
      const { id } = yield* someoneCached
      yield* renameWithoutAnswer(id)
      assert.deepStrictEqual(yield* shownNames(id), ["New", "New"])
      yield* TestClock.adjust("62 seconds")
      yield* assertReadWithoutStore(id)
      assert.deepStrictEqual(yield* shownNames(id), ["New", "New"])
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("is shown as she is where the write happens long after its caller was told", () =>
    Effect.gen(function* () {
      const { id } = yield* someoneCached
      const scene = yield* Scene
      scene.happensLater = true
      yield* renameWithoutAnswer(id)
      yield* TestClock.adjust("10 seconds")
      assert.notDeepEqual(yield* shownNames(id), ["New", "New"])
      yield* scene.late
      assert.deepStrictEqual(yield* shownNames(id), ["New", "New"])
      yield* TestClock.adjust("60 seconds")
      yield* assertReadWithoutStore(id)
      assert.deepStrictEqual(yield* shownNames(id), ["New", "New"])
    }).pipe(Effect.provide(cacheScene))
  )

  it.effect("leaves everybody else in the cache", () =>
    Effect.gen(function* () {
      const { id } = yield* someoneCached
      const other = yield* someoneCached
      yield* renameWithoutAnswer(id)
      yield* assertReadWithoutStore(other.id)
    }).pipe(Effect.provide(cacheScene))
  )
})
