import { BigDecimal, Effect, Option, Redacted, Schema, SchemaTransformation } from "effect"
import { createPrivateKey } from "node:crypto"
import { isIP } from "node:net"

/** Schemas that read one setting from the environment, with its default where it has one. */

/** A whole number within bounds. */
export const wholeNumber = (minimum: number, maximum: number, fallback: number) =>
  Schema.FiniteFromString.check(
    Schema.makeFilter((value) => Number.isInteger(value) && value >= minimum && value <= maximum, {
      message: `must be a whole number from ${minimum} to ${maximum}`
    })
  ).pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(fallback)))

/** An amount of money above zero, with at most four decimals. */
export const amount = (fallback: number) =>
  Schema.String.check(
    Schema.makeFilter((text) => /^\d{1,12}(\.\d{1,4})?$/.test(text) && Number(text) > 0, {
      message: "must be an amount above zero such as 1000 or 999.50"
    })
  ).pipe(
    Schema.decodeTo(
      Schema.BigDecimal,
      SchemaTransformation.transform({
        decode: (text) => Option.getOrThrow(BigDecimal.fromString(text)),
        encode: BigDecimal.format
      })
    ),
    Schema.withDecodingDefaultTypeKey(Effect.succeed(BigDecimal.fromNumberUnsafe(fallback)))
  )

/** `true` or `false`. */
export const flag = (fallback: boolean) =>
  optionalFlag.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(fallback)))

/** `true` or `false`, without a default. */
export const optionalFlag = Schema.Literals(["true", "false"])
  .annotate({ message: "must be true or false" })
  .pipe(
    Schema.decodeTo(
      Schema.Boolean,
      SchemaTransformation.transform({
        decode: (text) => text === "true",
        encode: (value) => (value ? ("true" as const) : ("false" as const))
      })
    )
  )

/** One of a few words. */
export const oneOf = <const Words extends ReadonlyArray<string>>(words: Words, fallback: Words[number]) =>
  Schema.withDecodingDefaultTypeKey<Schema.Literals<Words>>(Effect.succeed(fallback))(Schema.Literals(words))

/** Text of any form. */
export const text = (fallback: string) =>
  Schema.String.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(fallback)))

/** Text that the given schema accepts. */
export const checkedText = (schema: typeof Schema.String, fallback: string) =>
  schema.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(fallback)))

const hidden = (schema: typeof Schema.String) =>
  Schema.optionalKey(
    schema.pipe(
      Schema.decodeTo(
        Schema.Redacted(Schema.String),
        SchemaTransformation.transform({ decode: (value) => Redacted.make(value), encode: Redacted.value })
      )
    )
  )

/** Text that must never be shown. */
export const secret = hidden(Schema.String)

const isEd25519PrivateKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem.replaceAll("\\n", "\n")).asymmetricKeyType === "ed25519"
  } catch {
    return false
  }
}

/** An Ed25519 private key, its line breaks written as they are or as `\n`. */
export const signingKey = hidden(
  Schema.String.check(
    Schema.makeFilter(isEd25519PrivateKey, { message: "must be an Ed25519 private key in PKCS #8 PEM" })
  )
)

const isUrlOf = (protocols: ReadonlyArray<string>) => (value: string) =>
  protocols.includes(URL.parse(value)?.protocol.slice(0, -1) ?? "")

/** An address that may hold a password, such as a database's. */
export const secretUrl = (...protocols: ReadonlyArray<string>) =>
  hidden(
    Schema.String.check(
      Schema.makeFilter(isUrlOf(protocols), { message: `must be an address such as ${protocols[0]}://host:port` })
    )
  )

/** Several such addresses, separated by commas. */
export const secretUrls = (...protocols: ReadonlyArray<string>) =>
  hidden(
    Schema.String.check(
      Schema.makeFilter((list) => list.split(",").every((url) => isUrlOf(protocols)(url.trim())), {
        message: `must be addresses such as ${protocols[0]}://host:port, separated by commas`
      })
    )
  )

/** A web address that holds no password: one that fails is logged. */
export const publicWebAddress = Schema.String.check(
  Schema.makeFilter(
    (value) => {
      const url = URL.parse(value)
      return isUrlOf(["http", "https"])(value) && url?.username === "" && url.password === ""
    },
    { message: "must be an http or https address without a password" }
  )
)

/** A web address. */
export const webAddress = Schema.String.check(
  Schema.makeFilter(isUrlOf(["http", "https"]), { message: "must be an http or https address" })
)

const isNetwork = (text: string): boolean => {
  const [address = "", prefix, ...rest] = text.split("/")
  const longest = isIP(address) === 6 ? 128 : 32
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest)
  return isIP(address) !== 0 && isPrefix && rest.length === 0
}

/** Networks in CIDR form, separated by commas; none by default. */
export const networks = Schema.String.pipe(
  Schema.decodeTo(
    Schema.Array(
      Schema.String.check(Schema.makeFilter(isNetwork, { message: "must be networks such as 10.0.0.0/8 or ::1" }))
    ),
    SchemaTransformation.transform({
      decode: (list: string): ReadonlyArray<string> => list.split(",").map((network) => network.trim()),
      encode: (list: ReadonlyArray<string>): string => list.join(",")
    })
  ),
  Schema.withDecodingDefaultTypeKey(Effect.succeed([] as ReadonlyArray<string>))
)
