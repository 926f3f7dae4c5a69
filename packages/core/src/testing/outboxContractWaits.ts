import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { Outbox } from "../event/Outbox.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  afterShort,
  assertDue,
  claimAll,
  claimedOf,
  customerWith,
  delayed,
  emptied,
  published,
  refused,
  rename,
  settleAll,
  short
} from "./outboxContractEvents.ts"
import type { PassingTime } from "./passingTime.ts"
import type { StoredFacts } from "./StoredFacts.ts"

type Services = CustomerRepository | Outbox | StoredFacts

/** What becomes of events that the bus did not take. */
export const waiting = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("a refused event is claimed again at its time, and later events of its customer not before", () =>
    Effect.gen(function* () {
      yield* emptied
      const [hers, others] = [yield* customerWith(3), yield* customerWith(2)]
      const claims = yield* claimAll()
      const second = claimedOf(claims, hers)[1]
      yield* settleAll(claims, (event) => {
        if (event === second) return refused(short)(event)
        return claimedOf(claims, hers)[0] === event ? published(event) : {}
      })
      yield* assertDue(hers, [])
      yield* rename(hers)
      yield* assertDue(hers, [])
      yield* assertDue(others, [0, 1])
      yield* time.advance(afterShort)
      const due = yield* assertDue(hers, [1, 2, 3])
      assert.deepStrictEqual(
        due.map(({ refusals, waits }) => [refusals, waits]),
        [
          [1, 0],
          [0, 0],
          [0, 0]
        ]
      )
      const again = yield* claimAll()
      yield* settleAll(again, (event) => (event.refusals === 1 ? refused(short)(event) : {}))
      yield* time.advance(afterShort)
      const [twice] = yield* assertDue(hers, [1, 2, 3])
      assert.strictEqual(twice?.refusals, 2)
    })
  )

  it.effect("a dead event keeps back its customer's later events, and nobody else's", () =>
    Effect.gen(function* () {
      yield* emptied
      const [hers, others] = [yield* customerWith(3), yield* customerWith(3)]
      const claims = yield* claimAll()
      yield* settleAll(claims, (event) => (claimedOf(claims, hers)[1] === event ? refused(undefined)(event) : {}))
      yield* assertDue(hers, [0])
      yield* emptied
      yield* rename(hers)
      yield* rename(others)
      yield* time.advance(afterShort)
      yield* assertDue(hers, [])
      yield* assertDue(others, [3])
    })
  )

  it.effect("a delayed event is claimed again at its time and counts no refusal", () =>
    Effect.gen(function* () {
      yield* emptied
      const id = yield* customerWith(2)
      const put = (seconds: number) =>
        Effect.gen(function* () {
          const claims = yield* claimAll()
          yield* settleAll(claims, (event) => (claimedOf(claims, id)[0] === event ? delayed(seconds)(event) : {}))
        })
      const claims = yield* claimAll()
      yield* settleAll(claims, (event) => (claimedOf(claims, id)[0] === event ? refused(0)(event) : {}))
      for (const waits of [1, 2]) {
        yield* put(short)
        yield* assertDue(id, [])
        yield* time.advance(afterShort)
        const [first, second] = yield* assertDue(id, [0, 1])
        assert.deepInclude(first, { refusals: 1, waits })
        assert.deepInclude(second, { refusals: 0, waits: 0 })
      }
      yield* put(0)
      yield* assertDue(id, [0, 1])
    })
  )
}
