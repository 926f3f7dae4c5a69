import { assert, layer } from "@effect/vitest"
import { Context, DateTime, Effect, Layer, Schema, Struct } from "effect"
import { ErasureReceipt, type ErasureStatement } from "../privacy/ErasureReceipt.ts"
import { ReceiptSigner } from "../privacy/ReceiptSigner.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { forAll } from "./forAll.ts"
import { erasureStatement } from "./receiptArbitraries.ts"
import { freshCustomerId } from "./strangers.ts"

/** A second signer, with a key that the first one does not have. */
class OtherSigner extends Context.Service<OtherSigner, ReceiptSigner["Service"]>()(
  "@customer-service/core/testing/OtherSigner"
) {}

/** The contract of {@link ReceiptSigner}; `otherKey` is the same adapter with a key of its own. */
export const receiptSignerContract = <E>(
  name: string,
  adapter: Layer.Layer<ReceiptSigner, E>,
  otherKey: Layer.Layer<ReceiptSigner, E>,
  options?: ContractOptions
): void => {
  const other = Layer.effect(
    OtherSigner,
    Effect.map(ReceiptSigner, (signer) => signer)
  ).pipe(Layer.provide(Layer.fresh(otherKey)))
  layer(Layer.mergeAll(adapter, other), options)(`${name} keeps the contract of ReceiptSigner`, signing)
}

const throughJson = (receipt: ErasureReceipt): ErasureReceipt =>
  Schema.decodeSync(Schema.fromJsonString(ErasureReceipt))(
    Schema.encodeSync(Schema.fromJsonString(ErasureReceipt))(receipt)
  )

const sign = (statement: ErasureStatement) => Effect.flatMap(ReceiptSigner, (signer) => signer.sign(statement))

const isGenuine = (receipt: ErasureReceipt) => Effect.flatMap(ReceiptSigner, (signer) => signer.isGenuine(receipt))

const later = (moment: DateTime.Utc) => DateTime.add(moment, { milliseconds: 1 })

/** A statement in each of the ways in which it may differ from another by one field. */
const variants = (statement: ErasureStatement): ReadonlyArray<ErasureStatement> => [
  { ...statement, service: `${statement.service} ` },
  { ...statement, customerId: freshCustomerId() },
  { ...statement, requestedAt: later(statement.requestedAt) },
  { ...statement, startedAt: later(statement.startedAt) },
  { ...statement, finishedAt: later(statement.finishedAt) },
  { ...statement, erased: [...statement.erased, { store: "database", place: "customers", fields: [], count: 1 }] },
  ...statement.erased.map((place, index) => ({
    ...statement,
    erased: statement.erased.with(index, { ...place, count: place.count + 1 })
  })),
  { ...statement, verified: { ...statement.verified, identifiers: statement.verified.identifiers + 1 } },
  { ...statement, verified: { ...statement.verified, stores: [...statement.verified.stores, "cache"] } },
  { ...statement, held: [...statement.held, { store: "event bus", retention: "for ever" }] }
]

const changedAt = (text: string, position: number): string =>
  `${text.slice(0, position)}${text.charAt(position) === "A" ? "B" : "A"}${text.slice(position + 1)}`

const signing = (it: ContractSuite<ReceiptSigner | OtherSigner>): void => {
  it.effect("a receipt it signs is genuine", () =>
    forAll(
      erasureStatement,
      25,
      Effect.fnUntraced(function* (statement) {
        const receipt = yield* sign(statement)
        assert.deepStrictEqual(receipt.statement, statement)
        assert.isTrue(yield* isGenuine(receipt))
        assert.isTrue(yield* isGenuine(throughJson(receipt)))
        const shuffled = Struct.pick(receipt, ["signature", "keyId", "algorithm", "statement"])
        assert.isTrue(yield* isGenuine(shuffled))
      })
    )
  )

  it.effect("a receipt with one changed field is not genuine", () =>
    forAll(
      erasureStatement,
      10,
      Effect.fnUntraced(function* (statement) {
        const receipt = yield* sign(statement)
        for (const changed of variants(statement)) assert.isFalse(yield* isGenuine({ ...receipt, statement: changed }))
        const { signature } = receipt
        for (const forged of [
          "",
          "A",
          changedAt(signature, 0),
          signature.slice(0, -2),
          `${signature}AA`,
          "not base64url!"
        ]) {
          assert.isFalse(yield* isGenuine({ ...receipt, signature: forged }))
        }
      })
    )
  )

  it.effect("a receipt under another key is not genuine", () =>
    forAll(
      erasureStatement,
      5,
      Effect.fnUntraced(function* (statement) {
        const other = yield* OtherSigner
        const [mine, theirs] = [yield* sign(statement), yield* other.sign(statement)]
        assert.notStrictEqual(mine.keyId, theirs.keyId)
        assert.isTrue(yield* other.isGenuine(theirs))
        assert.isFalse(yield* isGenuine(theirs))
        assert.isFalse(yield* isGenuine({ ...theirs, keyId: mine.keyId }))
        assert.isFalse(yield* isGenuine({ ...mine, keyId: theirs.keyId }))
      })
    )
  )
}
