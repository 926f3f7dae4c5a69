import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, type Layer, Option } from "effect"
import { type UpstreamAnswer, UpstreamAnswers } from "../order/UpstreamAnswers.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { circumstances, freshCustomerId } from "./strangers.ts"

/** The contract of {@link UpstreamAnswers}. The answers may be shared with other tests. */
export const upstreamAnswersContract = <E>(
  name: string,
  adapter: Layer.Layer<UpstreamAnswers, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of UpstreamAnswers`, (it) => {
    keeping(it)
    keepingApart(it)
  })

/** An answer that was right so many milliseconds after noon. */
const answerAt = (millis: number): UpstreamAnswer => ({
  json: JSON.stringify({ millis, text: '\u2028\\"Zoë 👩‍👩‍👧‍👦', amount: 0.1 }),
  asOf: DateTime.addDuration(circumstances().now, millis)
})

const keeping = (it: ContractSuite<UpstreamAnswers>): void => {
  it.effect("get gives the answer that was put last", () =>
    Effect.gen(function* () {
      const answers = yield* UpstreamAnswers
      const id = freshCustomerId()
      assert.deepStrictEqual(yield* answers.get("orders", id), Option.none())
      for (const millis of [-5, 123, 124]) {
        yield* answers.put("orders", id, answerAt(millis))
        assert.deepStrictEqual(yield* answers.get("orders", id), Option.some(answerAt(millis)))
      }
      const other = { ...answerAt(124), json: "{}" }
      yield* answers.put("orders", id, other)
      assert.deepStrictEqual(yield* answers.get("orders", id), Option.some(other))
    })
  )

  it.effect("an older answer does not replace a newer one", () =>
    Effect.gen(function* () {
      const answers = yield* UpstreamAnswers
      const id = freshCustomerId()
      yield* answers.put("loyalty", id, answerAt(10))
      yield* answers.put("loyalty", id, answerAt(9))
      assert.deepStrictEqual(yield* answers.get("loyalty", id), Option.some(answerAt(10)))

      const shuffled = [400, 1100, 200, 1900, 700, 100, 2000, 1600, 900, 1300]
      yield* Effect.forEach(shuffled, (millis) => answers.put("loyalty", id, answerAt(millis)), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(yield* answers.get("loyalty", id), Option.some(answerAt(2000)))
    })
  )
}

const keepingApart = (it: ContractSuite<UpstreamAnswers>): void => {
  it.effect("answers of two services and of two customers are kept apart", () =>
    Effect.gen(function* () {
      const answers = yield* UpstreamAnswers
      const [one, other] = [freshCustomerId(), freshCustomerId()]
      yield* answers.put("orders", one, answerAt(1))
      yield* answers.put("loyalty", one, answerAt(2))
      yield* answers.put("orders", other, answerAt(3))
      assert.deepStrictEqual(yield* answers.get("orders", one), Option.some(answerAt(1)))
      assert.deepStrictEqual(yield* answers.get("loyalty", one), Option.some(answerAt(2)))
      assert.deepStrictEqual(yield* answers.get("orders", other), Option.some(answerAt(3)))
      assert.deepStrictEqual(yield* answers.get("loyalty", other), Option.none())
    })
  )

  it.effect("forget leaves no answer of the customer, and none that was under way then comes back", () =>
    Effect.gen(function* () {
      const answers = yield* UpstreamAnswers
      const [one, other] = [freshCustomerId(), freshCustomerId()]
      yield* answers.put("orders", one, answerAt(1))
      yield* answers.put("loyalty", one, answerAt(2))
      yield* answers.put("loyalty", other, answerAt(3))
      assert.strictEqual(yield* answers.forget(one), 2)
      assert.strictEqual(yield* answers.forget(one), 0)
      assert.deepStrictEqual(yield* answers.get("orders", one), Option.none())
      assert.deepStrictEqual(yield* answers.get("loyalty", one), Option.none())
      assert.deepStrictEqual(yield* answers.get("loyalty", other), Option.some(answerAt(3)))
      yield* answers.put("orders", one, answerAt(4))
      assert.deepStrictEqual(yield* answers.get("orders", one), Option.none())
      assert.strictEqual(yield* answers.forget(one), 0)
    })
  )
}
