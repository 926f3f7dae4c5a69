import { UpstreamAnswers } from "@customer-service/core"
import { circumstances, freshCustomerId } from "@customer-service/core/testing"
import { assert, describe, it, layer } from "@effect/vitest"
import { Array, Context, DateTime, Effect, Exit, Layer, Option, Schedule } from "effect"
import type { RedisConnection } from "../src/RedisConnection.ts"
import * as RedisUpstreamAnswers from "../src/RedisUpstreamAnswers.ts"
import { ask, Observer } from "./support/Observer.ts"
import { connectionTo, privateRedis, shared } from "./support/servers.ts"

/** The answers as one process sees them. */
const answersOn = (connection: Layer.Layer<RedisConnection>, settings: RedisUpstreamAnswers.AnswerSettings = {}) =>
  Effect.map(Layer.build(Layer.fresh(Layer.provide(RedisUpstreamAnswers.layer(settings), connection))), (context) =>
    Context.get(context, UpstreamAnswers.UpstreamAnswers)
  )

const answerAt = (millis: number): UpstreamAnswers.UpstreamAnswer => ({
  json: JSON.stringify({ points: millis }),
  asOf: DateTime.addDuration(circumstances().now, millis)
})

const secondsLeft = (key: string) => ask((redis) => redis.ttl(key))

layer(Observer.layer)("answers in Redis", (it) => {
  it.effect("stand under their service and customer, as JSON with their time, for a week or as is configured", () =>
    Effect.gen(function* () {
      const [answers, brief] = [yield* answersOn(shared), yield* answersOn(shared, { timeToLiveSeconds: 60 })]
      const id = freshCustomerId()
      const key = `customers:upstream:loyalty:${id}`
      yield* answers.put("loyalty", id, answerAt(1))
      const text = yield* ask((redis) => redis.get(key))
      assert.deepStrictEqual(JSON.parse(text ?? ""), {
        asOf: answerAt(1).asOf.epochMilliseconds,
        answer: { points: 1 }
      })
      assert.strictEqual(yield* secondsLeft(key), 7 * 24 * 3600)
      yield* brief.put("loyalty", id, answerAt(2))
      assert.strictEqual(yield* secondsLeft(key), 60)
    })
  )

  it.effect("are the newest, whichever process put them last", () =>
    Effect.gen(function* () {
      const [one, other, id] = [yield* answersOn(shared), yield* answersOn(shared), freshCustomerId()]
      const puts = Array.range(1, 50).map((millis) => (millis % 2 ? one : other).put("orders", id, answerAt(millis)))
      yield* Effect.all([...puts.toReversed(), ...puts], { concurrency: "unbounded" })
      assert.deepStrictEqual(yield* one.get("orders", id), Option.some(answerAt(50)))
    })
  )

  it.effect("leave a minute's trace when their customer is forgotten, of nothing but that", () =>
    Effect.gen(function* () {
      const [answers, id] = [yield* answersOn(shared), freshCustomerId()]
      yield* answers.put("orders", id, answerAt(1))
      yield* answers.forget(id)
      for (const key of yield* ask((redis) => redis.keys(`*${id}*`))) {
        assert.strictEqual(yield* ask((redis) => redis.get(key)), "forgotten")
        assert.isAtMost(yield* secondsLeft(key), 60)
      }
    })
  )

  it.effect("are none where the value is not one of ours, until one is put", () =>
    Effect.gen(function* () {
      const [answers, id] = [yield* answersOn(shared), freshCustomerId()]
      for (const text of ["", "null", "{}", '{"asOf":"1","answer":{}}', '{"answer":{},"asOf":1}']) {
        yield* ask((redis) => redis.set(`customers:upstream:orders:${id}`, text))
        assert.deepStrictEqual(yield* answers.get("orders", id), Option.none())
      }
      yield* answers.put("orders", id, answerAt(1))
      assert.deepStrictEqual(yield* answers.get("orders", id), Option.some(answerAt(1)))
    })
  )
})

type Answers = Effect.Success<ReturnType<typeof answersOn>>

/** What each call says, by the name of its error. */
const outcomes = (answers: Answers) => {
  const id = freshCustomerId()
  const calls = [answers.get("orders", id), answers.put("orders", id, answerAt(1)), answers.forget(id)]
  const named = calls.map((call) => Effect.match(call, { onSuccess: () => "done", onFailure: ({ _tag }) => _tag }))
  return Effect.all(named, { concurrency: "unbounded" })
}

const unavailable = Array.replicate("AnswersUnavailable", 3)

describe("answers while Redis is away", () => {
  it.live("are not to be had, which is told within a second, and are there again with it", () =>
    Effect.gen(function* () {
      const server = yield* privateRedis
      const [answers, id] = [yield* answersOn(connectionTo(server.url)), freshCustomerId()]
      yield* answers.put("orders", id, answerAt(1))
      yield* Effect.promise(() => server.pause())
      assert.deepStrictEqual(yield* Effect.timeout(outcomes(answers), "1 second"), unavailable)
      yield* Effect.promise(() => server.resume())
      yield* Effect.promise(() => server.stop())
      assert.deepStrictEqual(yield* Effect.timeout(outcomes(answers), "1 second"), unavailable)

      yield* Effect.promise(() => server.start())
      const found = yield* Effect.repeat(Effect.exit(answers.get("orders", id)), {
        until: Exit.isSuccess,
        schedule: Schedule.spaced("10 millis")
      })
      assert.deepStrictEqual(found, Exit.succeed(Option.some(answerAt(1))))
      yield* answers.put("orders", id, answerAt(2))
      assert.deepStrictEqual(yield* answers.get("orders", id), Option.some(answerAt(2)))
    })
  )
})
