import { assert, layer } from "@effect/vitest"
import { Array, BigDecimal, DateTime, Effect, type Layer, Option } from "effect"
import * as fc from "fast-check"
import { TestClock } from "effect/testing"
import { CustomerAnalytics } from "../analytics/CustomerAnalytics.ts"
import type { AuditEntry } from "../customer/AuditEntry.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import {
  type AnalyticsServices,
  buyer,
  closed,
  purchases,
  recounted,
  registeredAt,
  told
} from "./customerAnalyticsContractPeople.ts"
import { erase } from "./customerStandingsContractPeople.ts"
import { forAll } from "./forAll.ts"
import { assertFates, at, order, orderOf, points, pointsOf } from "./inboxContractMessages.ts"
import { bringing, freshCustomerId, plain } from "./strangers.ts"

/** The contract of {@link CustomerAnalytics}. Nobody else may change customers, or take quantiles, meanwhile. */
export const customerAnalyticsContract = <E>(name: string, adapter: Layer.Layer<AnalyticsServices, E>): void =>
  layer(adapter)(`${name} keeps the contract of CustomerAnalytics`, (it) => {
    finding(it)
    scoring(it)
    countingAll(it)
  })

const finding = (it: ContractSuite<AnalyticsServices>): void => {
  it.effect("find gives every order of hers and of nobody else, the first completed first, with its exact total", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      const repository = yield* CustomerRepository
      const id = yield* buyer(["0.0001", 60], ["999999999.9999", 30], ["10", 90])
      yield* buyer(["5", 10])
      const { customer, orders, record } = yield* analytics.find(id)
      assert.deepStrictEqual(
        orders.map(({ completedAt, total }) => [completedAt, BigDecimal.format(total)]),
        [
          [at(30), "999999999.9999"],
          [at(60), "0.0001"],
          [at(90), "10"]
        ]
      )
      assert.deepStrictEqual(plain(customer), plain(yield* repository.get(id)))
      assert.deepStrictEqual(record.lastOrderAt, at(90))
    })
  )

  it.effect("an order that is told of anew is counted once, as it was told of last", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      const id = yield* buyer()
      const first = order("100", 10)
      const again = { ...first, ...order("80", 20), orderId: first.orderId }
      yield* assertFates([orderOf(id, first), orderOf(id, again)], ["applied", "applied"])
      const { orders } = yield* analytics.find(id)
      assert.deepStrictEqual(
        orders.map(({ completedAt, total }) => [completedAt, BigDecimal.format(total)]),
        [[at(20), "80"]]
      )
    })
  )

  it.effect("find counts logins of the last 30 and 90 days alone", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      const repository = yield* CustomerRepository
      const [id, other] = [yield* buyer(), yield* buyer()]
      const now = yield* DateTime.now
      const back = (days: number, milliseconds = 0) => DateTime.add(now, { days: -days, milliseconds })
      const entry = (moment: DateTime.Utc, action: AuditEntry["action"] = "logged_in"): AuditEntry => ({
        action,
        actorKind: "customer",
        actor: id,
        at: moment
      })
      const logins = [back(0), back(30, 1), back(30), back(90, 1), back(90), back(0, 1)].map((moment) => entry(moment))
      yield* repository.modify(id, bringing({ audits: [...logins, entry(back(1), "password_changed")] }))
      yield* repository.modify(other, bringing({ audits: [entry(back(1))] }))
      assert.deepStrictEqual((yield* analytics.find(id)).logins, { last30Days: 2, last90Days: 4 })
      assert.deepStrictEqual((yield* analytics.find(other)).logins, { last30Days: 1, last90Days: 1 })
    })
  )

  it.effect("find counts the loyalty events of hers", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      const [id, other] = [yield* buyer(), yield* buyer()]
      const earned = [points(10, 1), points(20, 2)].map((entry) => pointsOf(id, entry))
      yield* assertFates([...earned, pointsOf(other, points(5, 3))], ["applied", "applied", "applied"])
      const { customer, loyaltyEvents } = yield* analytics.find(id)
      assert.deepStrictEqual([loyaltyEvents, customer.segment.loyaltyPoints], [2, 30])
    })
  )

  it.effect("find fails with CustomerNotFound for an id that is not there, and for one who was erased", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      const erased = yield* buyer(["10", 1])
      yield* erase(erased)
      for (const id of [freshCustomerId(), erased]) {
        assert.strictEqual((yield* Effect.flip(analytics.find(id)))._tag, "CustomerNotFound")
      }
    })
  )
}

const scoring = (it: ContractSuite<AnalyticsServices>): void => {
  it.effect("quantiles are the bounds of all open accounts with an order, ties included", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      yield* closed(["123456", 7])
      yield* erase(yield* buyer(["123456", 7]))
      yield* forAll(
        fc.array(purchases, { minLength: 1, maxLength: 4 }),
        8,
        Effect.fnUntraced(function* (baskets) {
          yield* Effect.forEach(baskets, (basket) => buyer(...basket))
          yield* analytics.recompute()
          assert.deepEqual<unknown>((yield* told).bounds, (yield* recounted).bounds)
        })
      )
    })
  )

  it.effect("quantiles are kept until they are recomputed", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      const id = yield* buyer(["10", 1])
      const taken = Option.getOrThrow(yield* analytics.recompute())
      assert.deepStrictEqual(taken.computedAt, yield* DateTime.now)
      yield* Effect.forEach(["1", "2", "3", "4"], (total) => buyer([`${total}000000`, 6]))
      yield* TestClock.adjust("1 hour")
      const kept = [(yield* analytics.find(id)).quantiles, (yield* analytics.overview).quantiles]
      assert.deepEqual(JSON.stringify(kept), JSON.stringify([taken, taken]))
      yield* analytics.recompute()
      const { quantiles } = yield* analytics.find(id)
      assert.strictEqual(quantiles?.baseSize, taken.baseSize + 4)
      assert.deepStrictEqual(quantiles?.computedAt, yield* DateTime.now)
    })
  )

  it.effect("quantiles that are young enough are not recomputed", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      yield* buyer(["10", 1])
      const { computedAt } = Option.getOrThrow(yield* analytics.recompute())
      assert.isTrue(Option.isNone(yield* analytics.recompute(DateTime.subtract(computedAt, { milliseconds: 1 }))))
      yield* TestClock.adjust("1 minute")
      const again = Option.getOrThrow(yield* analytics.recompute(computedAt))
      assert.deepStrictEqual(again.computedAt, yield* DateTime.now)
    })
  )

  it.effect("quantiles are recomputed by one at a time", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      yield* buyer(["10", 1])
      yield* TestClock.adjust("2 days")
      const yesterday = DateTime.subtract(yield* DateTime.now, { days: 1 })
      const all = yield* Effect.all(Array.replicate(analytics.recompute(yesterday), 8), { concurrency: "unbounded" })
      assert.lengthOf(Array.getSomes(all), 1)
    })
  )
}

const countingAll = (it: ContractSuite<AnalyticsServices>): void => {
  it.effect("an overview counts open accounts alone, by tier, by scores and by month of registration", () =>
    Effect.gen(function* () {
      const analytics = yield* CustomerAnalytics
      const moments = ["2024-01-31T23:59:59.999Z", "2024-02-01T00:00:00.000Z", "2024-02-29T12:00:00.000Z"]
      yield* Effect.forEach(moments, (moment) => registeredAt(DateTime.makeUnsafe(moment)))
      yield* Effect.forEach(["900", "1000", "20000"], (total, second) => buyer([total, second], ["1", second]))
      yield* closed(["20000", 1])
      yield* erase(yield* buyer(["20000", 1]))
      yield* analytics.recompute()
      const { counts } = yield* told
      assert.deepEqual(counts, (yield* recounted).counts)
      assert.deepInclude(counts.months, { "2024-01": 1, "2024-02": 2 })
      assert.containsAllKeys(counts.tiers, ["regular", "premium", "vip"])
    })
  )
}
