import { BigDecimal, DateTime, Option, Schema, SchemaTransformation } from "effect"
import { parseReference } from "../customer/CustomerId.ts"
import { shownAs } from "../value/shownAs.ts"
import { Text } from "../value/Text.ts"

// What is shown of a rule is what every validator can check; it lets nothing through that the rule itself refuses.
const printable = "^[^\\x00-\\x1f\\x7f-\\x9f]+$"
const moment = "^[12]\\d{3}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$"
const uuidOrNumber = "^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[1-9]\\d{0,8}|[1-3]\\d{9})$"
const amount = "^(\\d{1,9}(\\.\\d{1,20})?|1000000000)$"

/** A field that may be left out; not all languages tell that from null. */
const ifGiven = <S extends Schema.Constraint>(field: S) => Schema.optionalKey(Schema.NullOr(field))

const line = (longest: number, pattern = printable) =>
  Text(longest)
    .check(Schema.isMinLength(1, { message: "must not be empty" }))
    .annotate(shownAs({ minLength: 1, pattern }))

// No order is from before the year 1000, and no database takes one of the year 0.
const momentForm = /^[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/

/** Whether the calendar has the day: what it has not would be taken for a later one. */
const isDay = (date: string): boolean =>
  Option.exists(DateTime.make(`${date}T00:00:00Z`), (day) => DateTime.formatIsoDateUtc(day) === date)

const isMoment = (text: string): boolean =>
  momentForm.test(text) && isDay(text.slice(0, 10)) && Option.isSome(DateTime.make(text))

/** A date and time, in UTC where it names no offset. */
const Moment = Schema.String.check(
  Schema.makeFilter(isMoment, {
    message: "must be a date and time such as 2024-10-30T10:00:00Z"
  })
)
  .annotate({ examples: ["2024-10-30T10:00:00Z"], ...shownAs({ format: "date-time", pattern: moment }) })
  .pipe(Schema.decodeTo(Schema.DateTimeUtcFromString, SchemaTransformation.passthrough()))

const asText = (id: Schema.Codec<number | string>) =>
  id.pipe(
    Schema.decodeTo(
      Schema.String,
      SchemaTransformation.transform<string, number | string>({ decode: String, encode: (text) => text })
    )
  )

/** Ids of other services: text of theirs, or a number. */
const Id = asText(Schema.Union([line(64), Schema.Int]))

const ReferenceId = asText(
  Schema.Union([Schema.String, Schema.Int])
    .check(
      Schema.makeFilter((id) => parseReference(String(id)) !== undefined, {
        message: "must be a UUID or a number from 1 to 4294967295"
      })
    )
    .annotate({
      description: "The customer's id or her Magento id, as text or as a number.",
      ...shownAs({ pattern: uuidOrNumber, minimum: 1, maximum: 4294967295 })
    })
)

/** The largest amount and number of points that one message may bring. */
const most = 1_000_000_000

// No exponent of more digits: a number that it would take gigabytes to write down must not be read at all.
const decimal = /^\d+(\.\d+)?([eE][+-]?\d{1,2})?$/

const amountOf = (amount: number | string): Option.Option<BigDecimal.BigDecimal> => {
  if (typeof amount === "number") return BigDecimal.fromNumber(amount)
  return decimal.test(amount) ? BigDecimal.fromString(amount) : Option.none()
}

const isInRange = (amount: number | string): boolean =>
  Option.exists(amountOf(amount), (value) => {
    const number = BigDecimal.toNumberUnsafe(value)
    return number >= 0 && number <= most
  })

/** An amount as a JSON number or, where that would not be exact, as text; kept to four decimals. */
const Amount = Schema.Union([Schema.Finite, Schema.String.check(Schema.isMaxLength(32))])
  .check(Schema.makeFilter(isInRange, { message: `must be an amount from 0 to ${most}` }))
  .annotate({
    description: "An amount, as a number or as text; kept to four decimals.",
    examples: [129.9, "129.90"],
    ...shownAs({ minimum: 0, maximum: most, pattern: amount })
  })
  .pipe(
    Schema.decodeTo(
      Schema.BigDecimal,
      SchemaTransformation.transform<BigDecimal.BigDecimal, number | string>({
        decode: (amount) =>
          BigDecimal.round(
            Option.getOrElse(amountOf(amount), () => BigDecimal.fromNumberUnsafe(0)),
            { scale: 4, mode: "half-from-zero" }
          ),
        encode: BigDecimal.toNumberUnsafe
      })
    )
  )

const Points = Schema.Int.check(
  Schema.isBetween({ minimum: -most, maximum: most }, { message: `must be a whole number from -${most} to ${most}` })
)

const Currency = line(3, "^[A-Z]{3}$").annotate({ description: "An ISO 4217 code.", examples: ["USD"] })

const Version = Schema.String.check(Schema.makeFilter((text) => /^1(\.|$)/.test(text), { message: "must be 1.x" }))

const envelopeOf = <Type extends string, Data extends Schema.Top>(eventType: Type, data: Data) =>
  Schema.Struct({
    eventId: line(200).annotate({ description: "The same at every delivery of the event." }),
    eventType: Schema.Literal(eventType),
    version: Version.annotate(shownAs({ pattern: "^1(\\.|$)" })),
    timestamp: Moment.pipe(
      Schema.annotateEncoded({
        description: "When it was told: of two tellings of one fact the later counts, then the greater eventId."
      })
    ),
    data,
    metadata: ifGiven(Schema.Struct({ correlationId: Schema.optionalKey(Schema.Unknown) }))
  })

/** An order was completed, or is told of anew: an `orderId` counts once, as it was told last. */
export const OrderCompleted = envelopeOf(
  "OrderCompleted",
  Schema.Struct({
    orderId: Id,
    customerId: ReferenceId,
    total: Amount,
    currency: Currency,
    completedAt: Moment,
    baseTotal: ifGiven(Amount),
    baseCurrency: ifGiven(Currency)
  })
)

/** Points were earned, or taken away where they are less than none; `balance` is what they come to with these. */
export const PointsEarned = envelopeOf(
  "LoyaltyPointsEarned",
  Schema.Struct({ customerId: ReferenceId, points: Points, balance: ifGiven(Points) })
)
