import { type ErasureReceipt, ErasureStatement } from "@customer-service/core"
import { DateTime, Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { DifferencesFound } from "../failures.ts"
import { json } from "../flags.ts"
import { answer } from "../output.ts"
import { isSignedByOneOf, readPublicKeys } from "../privacy/publicKeys.ts"
import { receiptLines } from "../privacy/erasureLines.ts"
import { readInput, readReceipt } from "../privacy/receiptFile.ts"

const file = Argument.String("file").pipe(
  Argument.withDescription("The receipt as JSON, by itself or in the answer that it came in; `-` reads stdin")
)

const publicKey = Flag.String("public-key").pipe(
  Flag.optional,
  Flag.withMetavar("<file>"),
  Flag.withDescription("The key that must have signed it, in PEM or as a JWK (default: the key of this configuration)")
)

const encodeStatement = Schema.encodeSync(ErasureStatement)

const tellGenuine = (asJson: boolean, receipt: ErasureReceipt) => {
  const { customerId, finishedAt, service } = receipt.statement
  const heading = `Genuine: ${service} erased customer ${customerId} at ${DateTime.formatIso(finishedAt)}`
  const data = { genuine: true, keyId: receipt.keyId, statement: encodeStatement(receipt.statement) }
  return answer(asJson, data, [heading, ...receiptLines(receipt)].join("\n"))
}

const tellFalse = (asJson: boolean, problem: string) =>
  Effect.andThen(answer(asJson, { genuine: false, problem }, `Not genuine: ${problem}`), new DifferencesFound())

const problems = {
  form: "it has not the form of a receipt",
  signature: "it was changed since it was signed, or another key signed it"
}

/** Whether the service's own key signed a receipt as it is. */
type IsOurs<E> = (receipt: ErasureReceipt) => Effect.Effect<boolean, E>

const isGenuine = Effect.fnUntraced(function* <E>(
  receipt: ErasureReceipt,
  keyFile: Option.Option<string>,
  isOurs: IsOurs<E>
) {
  if (Option.isNone(keyFile)) return yield* isOurs(receipt)
  const keys = yield* readPublicKeys(keyFile.value, yield* readInput(keyFile.value))
  return yield* isSignedByOneOf(keys, receipt)
})

/** `privacy verify-receipt`: says whether a receipt is genuine; exit code 3 where it is not. */
export const privacyVerifyReceipt = <E>(isOurs: IsOurs<E>) =>
  Command.make(
    "verify-receipt",
    { file, publicKey, json },
    Effect.fnUntraced(function* (flags) {
      const receipt = yield* readReceipt(flags.file, yield* readInput(flags.file))
      if (Option.isNone(receipt)) return yield* tellFalse(flags.json, problems.form)
      return (yield* isGenuine(receipt.value, flags.publicKey, isOurs))
        ? yield* tellGenuine(flags.json, receipt.value)
        : yield* tellFalse(flags.json, problems.signature)
    })
  ).pipe(
    Command.withDescription(
      "Say whether a receipt of an erasure is genuine: whether it is as it was signed, by the key of this configuration " +
        "or the one given, which needs no configuration at all. Exit code 3 where it is not."
    ),
    Command.withShortDescription("Say whether a receipt of an erasure is genuine"),
    Command.withExamples([
      { command: "customer-service privacy verify-receipt receipt.json", description: "Signed by this service" },
      {
        command: "curl -s … | customer-service privacy verify-receipt - --public-key receipts.pem",
        description: "Signed by a key that somebody handed out"
      }
    ])
  )
