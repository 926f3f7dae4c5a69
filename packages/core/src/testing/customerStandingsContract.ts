import { assert, layer } from "@effect/vitest"
import { Array, DateTime, Effect, Exit, type Layer, Result } from "effect"
import * as fc from "fast-check"
import type { Change, Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { Standing } from "../customer/Standing.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import type { StandingRecord } from "../segment/StandingRecord.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { reviewing } from "./customerStandingsContractReviews.ts"
import { moving } from "./customerStandingsContractMoves.ts"
import { rechecking } from "./customerStandingsContractRechecks.ts"
import { promote, someone, type StandingServices } from "./customerStandingsContractPeople.ts"
import { forAll } from "./forAll.ts"
import { rename } from "./outboxContractEvents.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { standingOfOrders, standingRecord } from "./standingArbitraries.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { circumstances, freshCustomerId, plain, registration } from "./strangers.ts"

/**
 * The contract of {@link CustomerStandings}, beside the repository whose customers have them. Nobody else may review
 * customers meanwhile.
 */
export const customerStandingsContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<StandingServices | R, E>,
  time: PassingTime<StandingServices | R> = testTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of CustomerStandings`, (it) => {
    readingBack(it)
    changing(it)
    reviewing(it, time)
    moving(it)
    rechecking(it)
  })

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Gives a customer this standing, and what stands behind it. */
const stand = (segment: Standing, standing: StandingRecord) => (customer: Customer) =>
  Result.succeed<Change>({
    customer: { ...customer, segment, version: customer.version + 1 },
    events: [],
    consents: [],
    standing
  })

const readingBack = (it: ContractSuite<StandingServices>): void => {
  it.effect("a standing that was written is read back, with the customer as the repository gives her", () =>
    forAll(
      fc.tuple(standingOfOrders, standingRecord),
      20,
      Effect.fnUntraced(function* ([segment, record]) {
        const repository = yield* CustomerRepository
        const standings = yield* CustomerStandings
        const id = yield* someone
        const told = yield* standings.modify(id, stand(segment, record))
        yield* repository.modify(id, (customer) => stand(customer.segment, record)(customer))
        yield* rename(id)
        const found = yield* standings.find(id)
        const { loyaltyPoints, orderCount, totalSpent } = found.customer.segment
        assert.deepStrictEqual(asJson([told.record, found.record]), asJson([record, record]))
        assert.deepStrictEqual(asJson(told.customer.segment), asJson(segment))
        assert.deepStrictEqual(
          asJson([loyaltyPoints, orderCount, totalSpent]),
          asJson([segment.loyaltyPoints, segment.orderCount, segment.totalSpent])
        )
        assert.deepStrictEqual(plain(found.customer), plain(yield* repository.get(id)))
        assert.strictEqual(found.customer.version, 4)
      })
    )
  )

  it.effect("find fails with CustomerNotFound for an id that is not there", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      const id = freshCustomerId()
      assert.strictEqual((yield* Effect.flip(standings.find(id)))._tag, "CustomerNotFound")
      const neverDecided = standings.modify(id, () => Result.succeed(registration()))
      assert.strictEqual((yield* Effect.flip(neverDecided))._tag, "CustomerNotFound")
      assert.deepStrictEqual(yield* standings.history(id), [])
    })
  )

  it.effect("a newcomer's standing is that of her registration", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const standings = yield* CustomerStandings
      const change = registration()
      yield* repository.insert(change)
      const { customer, record } = yield* standings.find(change.customer.id)
      assert.deepStrictEqual(plain(customer), plain(change.customer))
      assert.deepStrictEqual(asJson(record), asJson(change.standing))
    })
  )
}

const everythingOf = Effect.fnUntraced(function* (id: CustomerId) {
  const standings = yield* CustomerStandings
  const facts = yield* StoredFacts
  const { customer, record } = yield* standings.find(id)
  return asJson({
    customer: plain(customer),
    record,
    history: yield* standings.history(id),
    events: yield* facts.events(id),
    audits: yield* facts.audits(id)
  })
})

/** One point and one order more than she has, kept in her record too. */
const oneMore = (customer: Customer, record: StandingRecord) => {
  const { loyaltyPoints, orderCount } = customer.segment
  const lastOrderAt = DateTime.add(record.lastOrderAt ?? circumstances().now, { seconds: 1 })
  const segment = { ...customer.segment, loyaltyPoints: loyaltyPoints + 1, orderCount: orderCount + 1 }
  return stand(segment, { ...record, lastOrderAt })(customer)
}

const changing = (it: ContractSuite<StandingServices>): void => {
  it.effect("20 concurrent modifies of one standing lose none, also beside modifies of the customer", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      const id = yield* someone
      const orders = Array.replicate(Effect.asVoid(standings.modify(id, oneMore)), 20)
      const names = Array.replicate(Effect.asVoid(rename(id)), 10)
      yield* Effect.all([...orders, ...names], { concurrency: "unbounded", discard: true })
      const { customer, record } = yield* standings.find(id)
      const { loyaltyPoints, orderCount } = customer.segment
      assert.deepStrictEqual([loyaltyPoints, orderCount, customer.version], [20, 20, 31])
      assert.deepStrictEqual(record.lastOrderAt, circumstances(20).now)
    })
  )

  it.effect("a failed decision on a standing leaves nothing behind", () =>
    Effect.gen(function* () {
      const standings = yield* CustomerStandings
      const id = yield* someone
      yield* promote(id, "premium")
      const before = yield* everythingOf(id)
      const refused = standings.modify(id, () => Result.fail("refused" as const))
      assert.strictEqual(yield* Effect.flip(refused), "refused")
      const broken = standings.modify(id, () => {
        throw new Error("a decision with a flaw")
      })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(broken)))
      assert.deepStrictEqual(yield* everythingOf(id), before)
      yield* promote(id, "vip")
      assert.lengthOf(yield* standings.history(id), 2)
    })
  )

  it.effect("what a colleague decided is kept with its events and its audit", () =>
    Effect.gen(function* () {
      const facts = yield* StoredFacts
      const id = yield* someone
      const { customer, record } = yield* promote(id, "vip")
      assert.deepInclude(customer.segment, { tier: "vip", segment: "vip" })
      assert.deepInclude(record.tierOverride, { value: "vip", by: "contract", at: circumstances(120).now })
      const events = yield* facts.events(id)
      assert.deepStrictEqual(
        events.map(({ customerVersion, topic }) => [topic, customerVersion]),
        [
          ["customers.customer.created", 1],
          ["customers.segment.changed", 2],
          ["customers.segment.changed", 2]
        ]
      )
      const [audit, ...others] = yield* facts.audits(id)
      assert.deepInclude(audit, { action: "tier_overridden", reason: "agreed with the key account team" })
      assert.deepStrictEqual(others, [])
    })
  )
}
