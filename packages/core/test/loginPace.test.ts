import { assert, describe } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { IdentityPolicy } from "../src/identity/IdentityPolicy.ts"
import { it, meanwhile, Scene, type World } from "./identityScene.ts"
import { closed, logIn, outcomeOf, password, type Person, stranger, verified } from "./identityPeople.ts"

const paced = Effect.provideService(IdentityPolicy, { ...IdentityPolicy.defaultValue(), failureMillis: 400 })

const wrongly = (person: Person): Person => ({ ...person, password: password("not the password") })

/** What a login answers, and after how many milliseconds. */
const answered = (login: Effect.Effect<unknown, { readonly _tag: string }, World>) =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    const outcome = yield* outcomeOf(login)
    return { outcome, after: (yield* Clock.currentTimeMillis) - began }
  })

/** The same, where whoever sleeps lets the time go on by as much, and nothing else does. */
const answeredInTime = (login: Parameters<typeof answered>[0]) =>
  TestClock.testClockWith((clock) =>
    Effect.provideService(answered(login), Clock.Clock, { ...clock, sleep: (duration) => clock.adjust(duration) })
  )

const comparing = (millis: number) => meanwhile("a password was compared", TestClock.adjust(millis))

const refusedAfter = (after: number) => ({ outcome: "InvalidCredentials", after })

describe("a policy by which failed logins take at least 400 milliseconds", () => {
  it("has a wrong password, an unknown address and a closed account answered then", () =>
    Effect.gen(function* () {
      const [person, former] = [yield* verified(), yield* verified()]
      yield* closed(former.id)
      for (const login of [wrongly(person), stranger(), former]) {
        assert.deepStrictEqual(yield* answeredInTime(paced(logIn(login))), refusedAfter(400))
      }
    }))

  it("counts the time that the comparison took", () =>
    Effect.gen(function* () {
      yield* comparing(217)
      assert.deepStrictEqual(yield* answeredInTime(paced(logIn(stranger()))), refusedAfter(400))
    }))

  it("adds nothing where the comparison took longer", () =>
    Effect.gen(function* () {
      yield* comparing(500)
      assert.deepStrictEqual(yield* answered(paced(logIn(stranger()))), refusedAfter(500))
    }))

  it("delays no login that succeeds, and no other refusal", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* verified()
      assert.deepStrictEqual(yield* answered(paced(logIn(person))), { outcome: "done", after: 0 })
      scene.hasherIsBusy = true
      assert.deepStrictEqual(yield* answered(paced(logIn(person))), { outcome: "HasherBusy", after: 0 })
    }))
})

describe("without such a policy", () => {
  it("a failed login is answered as soon as it is refused", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* answered(logIn(stranger())), refusedAfter(0))
      assert.deepStrictEqual(yield* answered(logIn(wrongly(yield* verified()))), refusedAfter(0))
    }))
})
