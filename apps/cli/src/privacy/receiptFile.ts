import { ErasureReceipt } from "@customer-service/core"
import { Effect, Option, Predicate, Schema } from "effect"
import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import { CommandMisused } from "../failures.ts"

/** The text of a file, or of stdin where the name is `-`. Fails where there is no such file. */
export const readInput = (file: string): Effect.Effect<string, CommandMisused> =>
  Effect.tryPromise({
    try: () => (file === "-" ? text(process.stdin) : readFile(file, "utf8")),
    catch: (error) =>
      new CommandMisused({ message: `${file} cannot be read: ${error instanceof Error ? error.message : "unknown"}` })
  })

/** What receipts are handed around in: an answer of the service, an erasure as the command line prints it. */
const wrappings = ["data", "erasure", "receipt"]

const unwrap = (value: unknown): unknown =>
  wrappings.reduce((inner, key) => (Predicate.hasProperty(inner, key) ? inner[key] : inner), value)

// A field more than was signed would pass for signed.
const decode = Schema.decodeUnknownOption(ErasureReceipt, { onExcessProperty: "error" })

/** Decoding ignores what is no base64url; only one spelling of a signature is a receipt's. */
const isSpelledOut = ({ signature }: ErasureReceipt): boolean =>
  Buffer.from(signature, "base64url").toString("base64url") === signature

/**
 * The receipt in a JSON text, by itself or in what it came in; none where it has not the form of one. Fails where the
 * text is no JSON.
 */
export const readReceipt = (
  file: string,
  content: string
): Effect.Effect<Option.Option<ErasureReceipt>, CommandMisused> =>
  Effect.try({
    try: () => Option.filter(decode(unwrap(JSON.parse(content))), isSpelledOut),
    catch: () => new CommandMisused({ message: `${file === "-" ? "stdin" : file} holds no JSON` })
  })
