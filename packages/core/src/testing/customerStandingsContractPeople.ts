import { BigDecimal, DateTime, Effect, Result } from "effect"
import type { Customer } from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { Inbox } from "../event/Inbox.ts"
import { PersonalDataStore } from "../privacy/PersonalDataStore.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import * as StandingDecisions from "../segment/StandingDecisions.ts"
import { StandingPolicy } from "../segment/StandingPolicy.ts"
import type { StandingRecord } from "../segment/StandingRecord.ts"
import { Email } from "../value/Email.ts"
import type { StoredFacts } from "./StoredFacts.ts"
import { bringing, circumstances, freshCustomerId, freshWord, registration } from "./strangers.ts"

/** What the contract works with: the standings, beside whatever else changes the customers who have them. */
export type StandingServices = CustomerRepository | CustomerStandings | Inbox | PersonalDataStore | StoredFacts

export const policy = StandingPolicy.defaultValue()

/** A new customer who has not ordered. */
export const someone: Effect.Effect<CustomerId, never, CustomerRepository> = Effect.gen(function* () {
  const repository = yield* CustomerRepository
  const { id } = yield* Effect.orDie(repository.insert(registration()))
  return id
})

/** A customer who is new no longer once so many milliseconds have passed. */
export const newcomerFor = Effect.fnUntraced(function* (milliseconds: number) {
  const repository = yield* CustomerRepository
  const now = DateTime.add(yield* DateTime.now, { days: -policy.newCustomerDays, milliseconds })
  const input = { email: Email.make(`${freshWord()}@example.com`) }
  const when = { ...circumstances(), now }
  const change = Decisions.register(input, freshCustomerId(), CustomerPolicy.defaultValue(), when, policy)
  const { id } = yield* repository.insert(Result.getOrThrow(change))
  return id
})

/** Her standing once she has spent so much in one order. */
const havingSpent =
  (total: string, seconds = 60) =>
  (customer: Customer, record: StandingRecord) =>
    Result.succeed(
      StandingDecisions.restate(
        customer,
        record,
        { totalSpent: BigDecimal.fromStringUnsafe(total), orderCount: 1, loyaltyPoints: 0 },
        policy,
        circumstances(seconds).now
      )
    )

/** A customer who has spent so much. */
export const spender = Effect.fnUntraced(function* (total: string) {
  const standings = yield* CustomerStandings
  const id = yield* someone
  yield* standings.modify(id, havingSpent(total))
  return id
})

/** Puts her into a tier by hand, whatever she has spent. */
export const promote = Effect.fnUntraced(function* (id: CustomerId, tier: "premium" | "regular" | "vip") {
  const standings = yield* CustomerStandings
  const request = { tier, reason: "agreed with the key account team" }
  return yield* standings.modify(id, (customer, record) =>
    StandingDecisions.override(customer, record, request, policy, circumstances(120))
  )
})

/** Looks at up to so many whose time has come, under these thresholds; answers who they were. */
export const review = Effect.fnUntraced(function* (most = 1000, thresholds = policy) {
  const standings = yield* CustomerStandings
  const now = yield* DateTime.now
  const reviewed = yield* standings.reviewDue(most, (customer, record) =>
    StandingDecisions.review(customer, record, thresholds, now)
  )
  return reviewed.map(({ id }) => id)
})

/** Has everybody where these thresholds put her. */
export const settleAll = Effect.fnUntraced(function* (thresholds: StandingPolicy) {
  const standings = yield* CustomerStandings
  yield* standings.recheck(thresholds)
  while ((yield* review(1000, thresholds)).length > 0);
})

/** Erases somebody. */
export const erase = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  const store = yield* PersonalDataStore
  const now = yield* DateTime.now
  const erasure = { dueAt: now, requestedAt: now, requestedBy: "ada", reason: "she asked for it" }
  yield* repository.modify(id, bringing({ erasure }))
  yield* store.claimDue({ most: 1, leaseSeconds: 600, only: id })
  yield* store.erase(id)
})
