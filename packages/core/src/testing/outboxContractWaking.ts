import { assert } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import type { CustomerRepository } from "../customer/CustomerRepository.ts"
import { Outbox } from "../event/Outbox.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { emptied, newcomer } from "./outboxContractEvents.ts"
import type { PassingTime } from "./passingTime.ts"
import type { StoredFacts } from "./StoredFacts.ts"

type Services = CustomerRepository | Outbox | StoredFacts

/** Waits for events while some are written; answers how many milliseconds that took. */
const untilWoken = <R>(time: PassingTime<R>) =>
  Effect.gen(function* () {
    const outbox = yield* Outbox
    yield* emptied
    const began = yield* Clock.currentTimeMillis
    const waiter = yield* Effect.forkChild(outbox.untilChanged, { startImmediately: true })
    // Who has just begun to wait may not hear of the very first.
    yield* newcomer
    for (let tries = 0; tries < 8 && waiter.pollUnsafe() === undefined; tries++) {
      yield* time.advance("100 millis")
      yield* newcomer
    }
    yield* Fiber.join(waiter)
    return (yield* Clock.currentTimeMillis) - began
  })

/** How those who have nothing to relay wait. */
export const waking = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("whoever waits for events is woken by one that is written", () =>
    Effect.gen(function* () {
      let took = yield* untilWoken(time)
      // After a second everybody looks by himself; on a busy machine that may be the sooner, now and then.
      for (let tries = 0; tries < 4 && took >= 1000; tries++) took = yield* untilWoken(time)
      assert.isBelow(took, 1000)
    })
  )

  it.effect("whoever waits in vain looks again after a second", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      yield* emptied
      const waiter = yield* Effect.forkChild(outbox.untilChanged, { startImmediately: true })
      for (let tries = 0; tries < 8 && waiter.pollUnsafe() === undefined; tries++) yield* time.advance("1 second")
      yield* Fiber.join(waiter)
    })
  )
}
