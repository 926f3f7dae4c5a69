import { assert, layer } from "@effect/vitest"
import { Array, Effect, type Layer, Schema } from "effect"
import { CustomerDocument } from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import { CustomerDocuments } from "../customer/CustomerDocuments.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { customer } from "./customerArbitraries.ts"
import { forAll } from "./forAll.ts"
import { circumstances, freshCustomerId, registration, unlikeAnyOther, written } from "./strangers.ts"

const encode = Schema.encodeSync(CustomerDocument)

const assertShownAsKept = Effect.fnUntraced(function* (id: CustomerId) {
  const documents = yield* CustomerDocuments
  const repository = yield* CustomerRepository
  const kept = yield* repository.get(id)
  const { version, json } = yield* documents.find(id)
  assert.strictEqual(version, kept.version)
  assert.deepStrictEqual(JSON.parse(json), encode(kept))
})

/** The contract of {@link CustomerDocuments}, read beside the repository that the documents are of. */
export const customerDocumentsContract = <E>(
  name: string,
  adapter: Layer.Layer<CustomerDocuments | CustomerRepository, E>,
  options?: ContractOptions
): void => layer(adapter, options)(`${name} keeps the contract of CustomerDocuments`, documentTests)

const rename = (firstName: string) => (current: Parameters<typeof Decisions.update>[0]) =>
  Decisions.update(current, { profile: { firstName } }, circumstances(60))

const documentTests = (it: ContractSuite<CustomerDocuments | CustomerRepository>): void => {
  it.effect("find gives the JSON of the customer as the repository would give her", () =>
    forAll(
      customer.filter(({ status }) => status !== "inactive"),
      20,
      Effect.fnUntraced(function* (sample) {
        const repository = yield* CustomerRepository
        const { id } = yield* repository.insert(written(unlikeAnyOther(sample)))
        yield* assertShownAsKept(id)
        yield* assertShownAsKept(id)
        yield* repository.modify(id, rename("Zoë"))
        yield* assertShownAsKept(id)
      })
    )
  )

  it.effect("find fails with CustomerNotFound for an unknown id and for a closed account", () =>
    Effect.gen(function* () {
      const documents = yield* CustomerDocuments
      const repository = yield* CustomerRepository
      assert.strictEqual((yield* Effect.flip(documents.find(freshCustomerId())))._tag, "CustomerNotFound")
      const { id } = yield* repository.insert(registration())
      yield* documents.find(id)
      yield* repository.modify(id, (current) => Decisions.deactivate(current, circumstances(60), 30))
      assert.strictEqual((yield* Effect.flip(documents.find(id)))._tag, "CustomerNotFound")
      assert.strictEqual((yield* repository.get(id)).status, "inactive")
      assert.strictEqual((yield* Effect.flip(documents.find(id)))._tag, "CustomerNotFound")
    })
  )

  it.effect("find never gives an older version than a finished write", () =>
    Effect.gen(function* () {
      const documents = yield* CustomerDocuments
      const repository = yield* CustomerRepository
      const { id } = yield* repository.insert(registration())
      let finished = 1
      const write = Effect.fnUntraced(function* (round: number) {
        const { version } = yield* repository.modify(id, rename(`name ${round}`))
        finished = Math.max(finished, version)
      })
      const read = Effect.suspend(() => {
        const atLeast = finished
        return Effect.map(documents.find(id), ({ version }) => assert.isAtLeast(version, atLeast))
      })
      const rounds = Array.range(1, 30)
      const interleaved = rounds.flatMap((round) => [write(round), read, read, read])
      yield* Effect.all(interleaved, { concurrency: 8 })
      assert.strictEqual((yield* documents.find(id)).version, 31)
    })
  )
}
