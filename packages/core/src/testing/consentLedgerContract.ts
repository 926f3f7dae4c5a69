import { assert, layer } from "@effect/vitest"
import { Array, DateTime, Effect, type Layer, Result, Struct } from "effect"
import * as fc from "fast-check"
import type { ConsentEntry } from "../customer/Consent.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { ConsentLedger, type LedgerLine } from "../privacy/ConsentLedger.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { forAll } from "./forAll.ts"
import { circumstances, freshCustomerId, registration, written } from "./strangers.ts"

type Services = ConsentLedger | CustomerRepository

/** The contract of {@link ConsentLedger}, beside the repository that it is written with. */
export const consentLedgerContract = <E>(
  name: string,
  adapter: Layer.Layer<Services, E>,
  options?: ContractOptions
): void => layer(adapter, options)(`${name} keeps the contract of ConsentLedger`, reading)

/** Lines of the ledger, later ones often at the same moment as the one before, and of few purposes. */
const entries: fc.Arbitrary<ReadonlyArray<ConsentEntry>> = fc
  .array(
    fc.record(
      {
        purpose: fc.constantFrom("marketing" as const, "newsletter" as const, "cookies" as const),
        channel: fc.constantFrom("email" as const, "sms" as const),
        granted: fc.boolean(),
        source: fc.constantFrom("default" as const, "customer" as const, "staff" as const),
        by: fc.constantFrom("ada", "storefront"),
        gap: fc.constantFrom(0, 0, 1, 60)
      },
      { noNullPrototype: true }
    ),
    { maxLength: 12 }
  )
  .map((drafts) => {
    let seconds = 0
    return drafts.map(({ gap, ...entry }) => {
      seconds += gap
      return { ...entry, at: circumstances(seconds).now }
    })
  })

/** A customer with these lines in the ledger, of whom two at a time came with a change; another's stand between. */
const recorded = Effect.fnUntraced(function* (lines: ReadonlyArray<ConsentEntry>) {
  const repository = yield* CustomerRepository
  const other = yield* repository.insert(registration())
  const { customer } = registration()
  yield* repository.insert({ ...written(customer), consents: lines.slice(0, 1) })
  for (const consents of Array.chunksOf(lines.slice(1), 2)) {
    for (const { id } of [other, customer]) {
      yield* repository.modify(id, (current) => Result.succeed({ ...written(current), consents }))
    }
  }
  return customer.id
})

const entryOf = (line: LedgerLine): ConsentEntry => Struct.omit(line, ["place"])

const allPages = Effect.fnUntraced(function* (id: CustomerId, limit: number) {
  const ledger = yield* ConsentLedger
  const all: Array<LedgerLine> = []
  let page = yield* ledger.list(id, { limit })
  while (page.next !== undefined) {
    assert.lengthOf(page.lines, limit)
    all.push(...page.lines)
    page = yield* ledger.list(id, { limit, after: page.next })
  }
  assert.isAtMost(page.lines.length, limit)
  return [...all, ...page.lines]
})

const isGrowing = (places: ReadonlyArray<number>): boolean =>
  places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0))

/** What holds at a moment, worked out line by line. */
const heldAt = (lines: ReadonlyArray<ConsentEntry>, moment: DateTime.Utc): ReadonlyArray<ConsentEntry> =>
  lines.filter(
    (line, index) =>
      DateTime.isLessThanOrEqualTo(line.at, moment) &&
      !lines
        .slice(index + 1)
        .some(
          (later) =>
            later.purpose === line.purpose &&
            later.channel === line.channel &&
            DateTime.isLessThanOrEqualTo(later.at, moment)
        )
  )

const inOrder = (lines: ReadonlyArray<LedgerLine>) =>
  lines.toSorted((one, other) => one.place - other.place).map(entryOf)

const reading = (it: ContractSuite<Services>): void => {
  it.effect("list pages through all lines oldest first without gap or repeat", () =>
    forAll(
      entries,
      10,
      Effect.fnUntraced(function* (lines) {
        const id = yield* recorded(lines)
        for (const limit of [1, 2, 3, 100]) {
          const read = yield* allPages(id, limit)
          assert.deepStrictEqual(read.map(entryOf), lines)
          assert.isTrue(isGrowing(read.map(({ place }) => place)))
        }
        const ledger = yield* ConsentLedger
        assert.deepStrictEqual(yield* ledger.list(freshCustomerId(), { limit: 10 }), { lines: [] })
      })
    )
  )

  it.effect("as of a moment each purpose and channel has the last line that was recorded until then", () =>
    forAll(
      entries,
      10,
      Effect.fnUntraced(function* (lines) {
        const ledger = yield* ConsentLedger
        const id = yield* recorded(lines)
        const moments = [...lines.map(({ at }) => at), circumstances(-1).now, circumstances(10_000).now]
        for (const moment of moments) {
          assert.deepStrictEqual(inOrder(yield* ledger.asOf(id, moment)), heldAt(lines, moment))
        }
        assert.deepStrictEqual(yield* ledger.asOf(freshCustomerId(), circumstances().now), [])
      })
    )
  )
}
