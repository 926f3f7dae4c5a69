import { assert } from "@effect/vitest"
import { Array, Effect } from "effect"
import * as fc from "fast-check"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { compareTellings, figuresOf } from "../order/Figures.ts"
import { CustomerStandings } from "../segment/CustomerStandings.ts"
import { tierOf } from "../segment/Tier.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { forAll } from "./forAll.ts"
import {
  figuresAt,
  type InboxServices,
  order,
  orderOf,
  pointsOf,
  policy,
  receive,
  shown,
  someone,
  spending
} from "./inboxContractMessages.ts"
import { type Telling, tellings } from "./orderArbitraries.ts"
import { rename } from "./outboxContractEvents.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { freshWord } from "./strangers.ts"

/** Tellings about two customers, each as often and in such batches as they may arrive. */
const arrivals = tellings(2).chain((told) =>
  fc.record({
    told: fc.constant(told),
    arriving: fc.shuffledSubarray([...told, ...told.slice(0, 5)], {
      minLength: Math.min(told.length + 5, told.length * 2)
    }),
    together: fc.integer({ min: 1, max: 8 })
  })
)

/** Tellings under ids that no other run has. */
const withIdsOf = (word: string, { fact, ...telling }: Telling): Telling => {
  if (fact._tag === "Points") {
    return { ...telling, fact: { ...fact, points: { ...fact.points, eventId: `${word}-${fact.points.eventId}` } } }
  }
  const { eventId, orderId } = fact.order
  return {
    ...telling,
    fact: { ...fact, order: { ...fact.order, eventId: `${word}-${eventId}`, orderId: `${word}-${orderId}` } }
  }
}

const messageOf = ({ fact }: Telling, id: CustomerId) =>
  fact._tag === "Order" ? orderOf(id, fact.order) : pointsOf(id, fact.points)

/** What a customer's figures are by what was told in all: the last word on each order, and every entry of points. */
const recomputed = (told: ReadonlyArray<Telling>, customer: number) => {
  const orders = told.flatMap(({ customer: owner, fact }) => (fact._tag === "Order" ? [{ ...fact.order, owner }] : []))
  const last = Map.groupBy(orders.toSorted(compareTellings), ({ orderId }) => orderId)
    .values()
    .flatMap((all) => all.slice(-1))
  const points = told.flatMap(({ customer: owner, fact }) =>
    fact._tag === "Points" && owner === customer ? [fact.points] : []
  )
  return figuresOf(
    [...last].filter(({ owner }) => owner === customer),
    points,
    policy
  )
}

/** Every tier that she was told to have come to begins where the one before it ended, and the last is the one she has. */
const assertTold = Effect.fnUntraced(function* (id: CustomerId, tier: string) {
  const facts = yield* StoredFacts
  const standings = yield* CustomerStandings
  const events = yield* facts.events(id)
  const told = events.flatMap(({ envelope }) => {
    const data = envelope.data as { readonly change?: string; readonly from?: string; readonly to?: string }
    return envelope.eventType === "CustomerSegmentChanged" && data.change === "tier" ? [data] : []
  })
  const ways = [{ to: "regular" }, ...told, { from: tier }]
  for (const [index, { from }] of ways.slice(1).entries()) assert.strictEqual(from, ways[index]?.to)
  const history = yield* standings.history(id)
  assert.deepStrictEqual(
    history.map(({ from, to }) => [from, to]),
    told.map(({ from, to }) => [from, to]).toReversed()
  )
})

/** Messages as a bus delivers them: in any order, more than once, many at a time. */
export const converging = (it: ContractSuite<InboxServices>): void => {
  it.effect("messages of any order, doubled, come to what a plain recomputation gives", () =>
    forAll(
      arrivals,
      15,
      Effect.fnUntraced(function* ({ arriving, together, told }) {
        const word = freshWord()
        const people = [yield* someone, yield* someone]
        const messages = arriving.flatMap((telling) =>
          people.slice(telling.customer, telling.customer + 1).map(({ id }) => messageOf(withIdsOf(word, telling), id))
        )
        yield* Effect.forEach(Array.chunksOf(messages, together), (batch) => receive(batch))
        for (const [index, { id }] of people.entries()) {
          const expected = recomputed(
            told.map((telling) => withIdsOf(word, telling)),
            index
          )
          assert.deepStrictEqual(shown(yield* figuresAt(id)), shown(expected))
          yield* assertTold(id, tierOf(expected, policy))
        }
      })
    )
  )

  it.effect("concurrent messages for one customer all count", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const [one, other] = [yield* someone, yield* someone]
      const batches = Array.makeBy(20, (index) => {
        const batch = [orderOf(one.id, order("1.5", index)), orderOf(other.id, order("2", index))]
        return index % 2 === 0 ? batch : batch.toReversed()
      })
      const work = [
        ...batches.map((batch) => Effect.asVoid(receive(batch))),
        ...Array.replicate(Effect.asVoid(rename(one.id)), 5)
      ]
      yield* Effect.all(work, { concurrency: "unbounded", discard: true })
      assert.deepStrictEqual(
        [yield* spending(one.id), yield* spending(other.id)],
        [
          ["30", 20],
          ["40", 20]
        ]
      )
      const versions = yield* Effect.forEach([one, other], ({ id }) => repository.get(id))
      assert.deepStrictEqual(
        versions.map(({ version }) => version),
        [26, 21]
      )
    })
  )
}
