import { CommonPasswords } from "@customer-service/core"
import { Layer } from "effect"
import list from "./commonPasswords.json" with { type: "json" }

let known: ReadonlySet<string> | undefined

/**
 * Whether a password, normalised and in lower case, is one of the 10,000 commonest. The first question takes some
 * milliseconds, since the list is only then made ready.
 */
export const isCommon = (password: string): boolean => {
  known ??= new Set(list.passwords.split(" "))
  return known.has(password)
}

/** Knows the 10,000 commonest passwords. */
export const layer: Layer.Layer<never> = Layer.succeed(CommonPasswords, isCommon)
