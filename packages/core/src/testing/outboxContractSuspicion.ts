import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { CustomerRepository } from "../customer/CustomerRepository.ts"
import { Outbox } from "../event/Outbox.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  assertDue,
  claimAll,
  claimAndSettle,
  customerWith,
  emptied,
  newcomer,
  published,
  refused,
  rename,
  settleAll
} from "./outboxContractEvents.ts"
import type { PassingTime } from "./passingTime.ts"
import type { StoredFacts } from "./StoredFacts.ts"

type Services = CustomerRepository | Outbox | StoredFacts

/** What an outbox does once the bus may have lost something. */
export const suspecting = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect(
    "what was published within the window before the last publication is claimed again once the bus is suspected",
    () =>
      Effect.gen(function* () {
        const outbox = yield* Outbox
        yield* emptied
        const dead = yield* newcomer
        yield* claimAndSettle(refused(undefined))
        const long = yield* customerWith(2)
        yield* claimAndSettle(published)
        yield* time.advance("20 seconds")
        yield* rename(long)
        yield* claimAndSettle(published)
        yield* time.advance("1 second")
        const lately = yield* newcomer
        yield* claimAndSettle(published)
        yield* rename(lately)
        // The bus may have been away for longer than the window.
        yield* time.advance("20 seconds")
        assert.strictEqual(yield* outbox.suspect(15), 2)
        yield* assertDue(long, [2])
        yield* assertDue(lately, [0, 1])
        yield* assertDue(dead, [])
        yield* emptied
        yield* assertDue(lately, [])
      })
  )

  it.effect("a claim of before the suspicion settles nothing, and is nobody's", () =>
    Effect.gen(function* () {
      const outbox = yield* Outbox
      yield* emptied
      const id = yield* customerWith(2)
      const before = yield* claimAll()
      const mine = Effect.forEach(before, (claim) => outbox.isMine(claim))
      assert.isTrue((yield* mine).every(Boolean))
      yield* outbox.suspect(0)
      assert.isFalse((yield* mine).some(Boolean))
      yield* settleAll(before, published)
      yield* assertDue(id, [0, 1])

      const lost = yield* claimAll()
      yield* outbox.suspect(0)
      const after = yield* claimAll()
      yield* settleAll(lost, published)
      yield* assertDue(id, [])
      yield* settleAll(after, published)
      yield* assertDue(id, [])
      yield* rename(id)
      yield* assertDue(id, [2])
    })
  )
}
