import { assert, describe } from "@effect/vitest"
import { Array, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as Passwords from "../src/identity/Passwords.ts"
import * as Erasures from "../src/privacy/Erasures.ts"
import { HolderUnavailable } from "../src/privacy/PersonalDataHolder.ts"
import { meanwhile, Scene } from "./identityScene.ts"
import { asStaff, closed, deliverAll, outcomeOf } from "./identityPeople.ts"
import { assertGone, eraseNow, holderWith, it, knownPerson, withHolder } from "./privacyScene.ts"

const nothing = { erased: 0, failed: 0 }

const stateOf = (id: Parameters<typeof Erasures.find>[0]) => Effect.map(Erasures.find(id), ({ state }) => state)

const eventTypes = Effect.map(CustomerMemory, ({ events }) => events.map(({ envelope }) => envelope.eventType))

const closedForDays = Effect.gen(function* () {
  const person = yield* knownPerson
  yield* closed(person.id)
  yield* TestClock.adjust("30 days")
  return person
})

describe("a holder that does not answer", () => {
  it("leaves the erasure running, and a later run finishes it", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* knownPerson
      scene.sessionsAreDown = true
      assert.strictEqual(yield* outcomeOf(eraseNow(person.id)), "HolderUnavailable")
      assert.strictEqual(yield* stateOf(person.id), "running")
      assert.deepInclude(yield* eraseNow(person.id), { state: "running" })
      assert.strictEqual(yield* outcomeOf(asStaff(Erasures.cancel(person.id))), "ErasureUnderWay")
      assert.deepStrictEqual(yield* Erasures.runDue(), nothing)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 0, failed: 1 })
      scene.sessionsAreDown = false
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 1, failed: 0 })
      const { receipt, state } = yield* Erasures.find(person.id)
      assert.strictEqual(state, "done")
      assert.includeMembers([...(receipt?.statement.verified.stores ?? [])], ["database", "sessions", "mails"])
      assert.includeMembers(receipt?.statement.erased.map(({ place }) => place) ?? [], ["customers", "sessions"])
      yield* assertGone(person)
      assert.lengthOf(
        (yield* eventTypes).filter((type) => type === "CustomerErased"),
        1
      )
    }))

  it("for one customer keeps no other from being erased", () =>
    Effect.gen(function* () {
      const people = [yield* knownPerson, yield* knownPerson, yield* knownPerson]
      yield* Effect.forEach(people, ({ id }) => closed(id))
      yield* TestClock.adjust("30 days")
      const [first] = people
      const stubborn = holderWith({
        erase: ({ id }) =>
          id === first?.id ? Effect.fail(new HolderUnavailable({ holder: "archive" })) : Effect.succeed([])
      })
      assert.deepStrictEqual(yield* withHolder(stubborn)(Erasures.runDue()), { erased: 2, failed: 1 })
      const states = yield* Effect.forEach(people, ({ id }) => stateOf(id))
      assert.deepStrictEqual(states, ["running", "done", "done"])
    }))

  it("is told of in the log without a word of what it said", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* closedForDays
      const broken = holderWith({ erase: () => Effect.die(new RangeError(`duplicate key: ${person.email}`)) })
      assert.deepStrictEqual(yield* withHolder(broken)(Erasures.runDue()), { erased: 0, failed: 1 })
      const log = scene.logged.join()
      assert.include(log, "RangeError")
      assert.include(log, person.id)
      assert.notInclude(log, person.email)
    }))
})

describe("a holder that has not let go", () => {
  it("keeps the erasure from being finished, which is told of by the place alone", () =>
    Effect.gen(function* () {
      const scene = yield* Scene
      const person = yield* knownPerson
      let left = 1
      const slow = holderWith({
        remainders: () => Effect.sync(() => (left === 0 ? [] : [{ store: "archive", place: "letters", count: left }]))
      })
      assert.deepInclude(yield* withHolder(slow)(eraseNow(person.id)), { state: "running" })
      assert.include(scene.logged.join(), "archive letters: 1")
      assert.notInclude(scene.logged.join(), person.email)
      left = 0
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* withHolder(slow)(Erasures.runDue()), { erased: 1, failed: 0 })
      const { receipt } = yield* Erasures.find(person.id)
      assert.include(receipt?.statement.verified.stores ?? [], "archive")
    }))
})

describe("a run that dies in the middle", () => {
  it("is taken up by a later one, and tells the consumers once", () =>
    Effect.gen(function* () {
      const person = yield* closedForDays
      const killing = holderWith({
        erase: () =>
          Effect.andThen(
            Effect.withFiber((fiber) => Effect.sync(() => fiber.interruptUnsafe())),
            Effect.never
          )
      })
      const run = yield* Effect.forkChild(withHolder(killing)(Erasures.runDue()))
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(run)))
      assert.strictEqual(yield* stateOf(person.id), "running")
      assert.deepStrictEqual(yield* Erasures.runDue(), nothing)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Erasures.runDue(), { erased: 1, failed: 0 })
      yield* assertGone(person)
      assert.lengthOf(
        (yield* eventTypes).filter((type) => type === "CustomerErased"),
        1
      )
    }))
})

describe("many who are due", () => {
  it("are erased by several runners, each once", () =>
    Effect.gen(function* () {
      const people = yield* Effect.forEach(Array.range(1, 12), () => knownPerson)
      yield* Effect.forEach(people, ({ id }) => closed(id))
      yield* TestClock.adjust("30 days")
      const runs = yield* Effect.all(Array.replicate(Erasures.runDue(), 4), { concurrency: "unbounded" })
      let erased = runs.reduce((sum, run) => sum + run.erased, 0)
      while (erased < 12) erased += (yield* Erasures.runDue()).erased
      assert.deepStrictEqual(yield* Erasures.runDue(), nothing)
      assert.lengthOf(
        (yield* eventTypes).filter((type) => type === "CustomerErased"),
        12
      )
      yield* Effect.forEach(people, assertGone)
    }))
})

describe("a message that is on its way", () => {
  it("while its reader is erased is kept by nobody", () =>
    Effect.gen(function* () {
      for (const moment of ["an account was read", "a message was about to go out"] as const) {
        const person = yield* knownPerson
        yield* Passwords.forgot(person.email)
        yield* meanwhile(moment, eraseNow(person.id))
        yield* deliverAll
        assert.strictEqual(yield* stateOf(person.id), "done")
        yield* assertGone(person)
      }
    }))
})
