import { assert, layer } from "@effect/vitest"
import { Effect, type Layer, Option, Result } from "effect"
import * as fc from "fast-check"
import type { Customer } from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { type AddressCommand, addressCommand, decideAddressCommand } from "./addressArbitraries.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { customer } from "./customerArbitraries.ts"
import { keptFacts } from "./customerRepositoryContractFacts.ts"
import { listing } from "./customerRepositoryContractLists.ts"
import { onceOnly } from "./customerRepositoryContractOnce.ts"
import { races } from "./customerRepositoryContractRaces.ts"
import { forAll } from "./forAll.ts"
import { StoredFacts } from "./StoredFacts.ts"
import {
  circumstances,
  freshAddressId,
  freshCustomerId,
  freshLegacyId,
  plain,
  registration,
  unlikeAnyOther,
  written
} from "./strangers.ts"

/**
 * The contract of {@link CustomerRepository}: every adapter registers it with a layer of its own. The store
 * may hold other customers, and may be shared with other tests.
 */
export const customerRepositoryContract = <E>(
  name: string,
  adapter: Layer.Layer<CustomerRepository | StoredFacts, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of CustomerRepository`, (it) => {
    readingBack(it)
    keptFacts(it)
    races(it)
    onceOnly(it)
    listing(it)
  })

const withFreshId = (command: AddressCommand): AddressCommand =>
  command._tag === "Add" ? { ...command, id: freshAddressId() } : command

const carryOut = Effect.fnUntraced(function* (owner: Customer, command: AddressCommand) {
  const repository = yield* CustomerRepository
  const decide = (current: Customer) =>
    decideAddressCommand(current, withFreshId(command), circumstances(60)) ?? Result.succeed(written(current))
  const done = yield* Effect.result(repository.modify(owner.id, decide))
  const found = yield* repository.get(owner.id)
  if (Result.isSuccess(done)) assert.deepStrictEqual(plain(found), plain(done.success))
})

const readingBack = (it: ContractSuite<CustomerRepository | StoredFacts>): void => {
  it.effect("a customer read back equals the customer written", () =>
    forAll(
      fc.tuple(customer, fc.array(addressCommand, { maxLength: 4 })),
      30,
      Effect.fnUntraced(function* ([sample, commands]) {
        const repository = yield* CustomerRepository
        const someone = unlikeAnyOther(sample)
        const inserted = yield* repository.insert(written(someone))
        assert.deepStrictEqual(plain(inserted), plain(someone))
        assert.deepStrictEqual(plain(yield* repository.get(someone.id)), plain(someone))
        yield* Effect.forEach(commands, (command) => carryOut(someone, command))
      })
    )
  )

  it.effect("get fails with CustomerNotFound for an id that is not there", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const id = freshCustomerId()
      const missing = yield* Effect.flip(repository.get(id))
      assert.strictEqual(missing._tag, "CustomerNotFound")
      const neverDecided = repository.modify(id, () => Result.succeed(registration()))
      assert.strictEqual((yield* Effect.flip(neverDecided))._tag, "CustomerNotFound")
    })
  )

  it.effect("getMany gives the customers that exist, in the order asked for", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const changes = [registration(), registration(), registration()]
      const [first, second, third] = yield* Effect.forEach(changes, (change) => repository.insert(change))
      const ids = [third, first, second].flatMap((someone) => someone?.id ?? [])
      const found = yield* repository.getMany([freshCustomerId(), ...ids, freshCustomerId()])
      assert.deepStrictEqual(
        found.map((someone) => someone.id),
        ids
      )
      assert.deepStrictEqual(yield* repository.getMany([]), [])
    })
  )

  it.effect("a legacy id leads to the customer it belongs to", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const legacyId = freshLegacyId()
      const { id } = yield* repository.insert(written({ ...registration().customer, legacyId }))
      yield* repository.insert(registration())
      assert.deepStrictEqual(yield* repository.findByLegacyId(legacyId), Option.some(id))
      assert.deepStrictEqual(yield* repository.findByLegacyId(freshLegacyId()), Option.none())
    })
  )

  it.effect("a decision that changes nothing writes nothing", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const facts = yield* StoredFacts
      const { id } = yield* repository.insert(registration({ profile: { firstName: "Zoë" } }))
      const before = plain(yield* repository.get(id))
      const told = yield* repository.modify(id, (current) =>
        Decisions.update(current, { profile: { firstName: "Zoë" } }, circumstances(60))
      )
      assert.deepStrictEqual(plain(told), before)
      assert.deepStrictEqual(plain(yield* repository.get(id)), before)
      assert.strictEqual((yield* facts.events(id)).length, 1)
    })
  )
}
