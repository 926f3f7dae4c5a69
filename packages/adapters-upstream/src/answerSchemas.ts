import { Instant, Money } from "@customer-service/core"
import { BigDecimal, Predicate, Schema, SchemaTransformation } from "effect"

const most = BigDecimal.make(1n, -15)

// Text with an exponent could stand for a number of any length.
const amountText = Schema.String.check(Schema.isPattern(/^-?\d{1,15}(\.\d{1,15})?$/))

/** An amount as a JSON number or, where that would not be exact, as text. */
export const Amount = Schema.Union([
  Money.Money,
  amountText.pipe(Schema.decodeTo(Schema.BigDecimal, SchemaTransformation.bigDecimalFromString))
]).check(Schema.makeFilter((amount) => BigDecimal.isLessThanOrEqualTo(BigDecimal.abs(amount), most)))

/** A whole number that is not negative, or text of one. */
export const Count = Schema.Union([
  Schema.Int,
  Schema.String.check(Schema.isPattern(/^\d{1,15}$/)).pipe(
    Schema.decodeTo(Schema.Int, SchemaTransformation.numberFromString)
  )
]).check(Schema.isGreaterThanOrEqualTo(0))

/** A date, with or without a time. */
export const Moment = Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}/)).pipe(
  Schema.decodeTo(Schema.toType(Instant), SchemaTransformation.dateTimeUtcFromString)
)

/** A field that a service leaves out, or sets to null, where it has nothing to say. */
export const ifKnown = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** A field of an answer; undefined where there is none, or null. */
export const fieldOf = (value: unknown, name: string): unknown =>
  (Predicate.hasProperty(value, name) ? value[name] : undefined) ?? undefined

/** What an answer says: what stands under `data`, else the whole. */
export const dataOf = (body: unknown): unknown => fieldOf(body, "data") ?? body
