import { CustomerRepository, type Once } from "@customer-service/core"
import { freshWord, registration } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import * as Housekeeping from "../src/Housekeeping.ts"
import { postgres } from "./support/database.ts"
import { repository } from "./support/repository.ts"

const once = (key: string, fingerprint = "body"): Once => ({ key, fingerprint, answer: ({ id }) => id })

const insert = (key: Once) =>
  Effect.flatMap(CustomerRepository.CustomerRepository, (customers) => customers.insert(registration(), key))

const sweep = Effect.map(Housekeeping.sweep({ outboxRetentionDays: 0 }), (swept) =>
  Option.map(swept, ({ idempotencyKeys }) => idempotencyKeys)
)

layer(Layer.provideMerge(repository(), postgres))("idempotency keys", (it) => {
  it.effect("are remembered for 24 hours", () =>
    Effect.gen(function* () {
      const key = freshWord()
      const { id } = yield* insert(once(key))
      yield* TestClock.adjust("1439 minutes")
      assert.deepInclude(yield* Effect.flip(insert(once(key))), { _tag: "AlreadyAnswered", answer: id })
      assert.deepInclude(yield* Effect.flip(insert(once(key, "other"))), { _tag: "IdempotencyKeyReused" })
    })
  )

  it.effect("may be used again once they have expired, for another body too", () =>
    Effect.gen(function* () {
      const key = freshWord()
      const first = yield* insert(once(key))
      yield* TestClock.adjust("24 hours")
      const second = yield* insert(once(key, "other"))
      assert.notStrictEqual(second.id, first.id)
      assert.deepInclude(yield* Effect.flip(insert(once(key, "other"))), { _tag: "AlreadyAnswered", answer: second.id })
    })
  )

  it.effect("are swept once they have expired, and not before", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("24 hours")
      yield* sweep
      const [old, young] = [freshWord(), freshWord()]
      yield* insert(once(old))
      yield* TestClock.adjust("12 hours")
      yield* insert(once(young))
      assert.deepStrictEqual(yield* sweep, Option.some(0))
      yield* TestClock.adjust("12 hours")
      assert.deepStrictEqual(yield* sweep, Option.some(1))
      yield* insert(once(old))
      assert.strictEqual((yield* Effect.flip(insert(once(young))))._tag, "AlreadyAnswered")
    })
  )
})
