import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import * as AttemptLimiter from "../src/request/AttemptLimiter.ts"
import { forAll } from "../src/testing/forAll.ts"
import { freshWord } from "../src/testing/strangers.ts"

type Command =
  | { readonly _tag: "Take" | "GiveBack" | "Forget"; readonly key: number }
  | { readonly _tag: "Pass"; readonly seconds: number }

const key = fc.nat(2)

const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: fc.record({ _tag: fc.constant("Take" as const), key }), weight: 6 },
  { arbitrary: fc.record({ _tag: fc.constantFrom("GiveBack" as const, "Forget" as const), key }), weight: 2 },
  { arbitrary: fc.record({ _tag: fc.constant("Pass" as const), seconds: fc.integer({ min: 1, max: 70 }) }), weight: 2 }
)

/** A key's limit is a part of its case: the first has no penalty, the second a longer one, the third a shorter. */
const limits: ReadonlyArray<AttemptLimiter.AttemptLimit> = [
  { most: 3, windowSeconds: 60 },
  { most: 3, windowSeconds: 60, penaltySeconds: 100 },
  { most: 2, windowSeconds: 60, penaltySeconds: 10 }
]

/** What is known of a key: the attempts that count, and when they cease to. */
interface Count {
  readonly taken: number
  readonly until: number
}

const counted = (
  count: Count | undefined,
  { most, penaltySeconds, windowSeconds }: AttemptLimiter.AttemptLimit,
  now: number
) => {
  const { taken, until } = count !== undefined && count.until > now ? count : { taken: 0, until: now + windowSeconds }
  if (taken >= most) return { allowed: false, count: { taken, until } }
  const isLast = taken + 1 === most && penaltySeconds !== undefined
  return { allowed: true, count: { taken: taken + 1, until: isLast ? now + penaltySeconds : until } }
}

const obey = Effect.fnUntraced(function* (commands: ReadonlyArray<Command>) {
  const limiter = yield* AttemptLimiter.AttemptLimiter
  const name = freshWord()
  const counts = new Map<number, Count>()
  let now = 0
  for (const step of commands) {
    if (step._tag === "Pass") {
      now += step.seconds
      yield* TestClock.adjust({ seconds: step.seconds })
      continue
    }
    const [ownName, limit, before] = [`${name}:${step.key}`, limits[step.key], counts.get(step.key)]
    if (limit === undefined) continue
    if (step._tag === "Take") {
      const { allowed, count } = counted(before, limit, now)
      counts.set(step.key, count)
      assert.deepStrictEqual(yield* limiter.take(ownName, limit), { allowed, retryAfterSeconds: count.until - now })
      continue
    }
    if (step._tag === "Forget") counts.delete(step.key)
    else if (before !== undefined) counts.set(step.key, { ...before, taken: Math.max(0, before.taken - 1) })
    yield* step._tag === "Forget" ? limiter.forget(ownName) : limiter.giveBack(ownName)
  }
})

layer(AttemptLimiter.layerMemory)("attempts in memory", (it) => {
  it.effect("are counted as the rule says, whatever is done to them", () =>
    forAll(fc.array(command, { maxLength: 60, size: "max" }), 200, obey)
  )

  describe("under several keys", () => {
    const [narrow, wide] = [
      ["narrow", { most: 1, windowSeconds: 60 }],
      ["wide", { most: 3, windowSeconds: 600 }]
    ] as const

    it.effect("are refused under the first that has none left, and then count under none", () =>
      Effect.gen(function* () {
        yield* AttemptLimiter.takeAll([wide, narrow])
        for (let attempt = 0; attempt < 5; attempt += 1) {
          const refused = yield* Effect.flip(AttemptLimiter.takeAll([wide, narrow]))
          assert.deepInclude(refused, { _tag: "TooManyAttempts", retryAfterSeconds: 60 })
        }
        yield* AttemptLimiter.takeAll([wide])
        yield* AttemptLimiter.takeAll([wide])
        assert.strictEqual((yield* Effect.flip(AttemptLimiter.takeAll([wide]))).retryAfterSeconds, 600)
      })
    )
  })
})
