import { BigDecimal, DateTime, Option, Result, Schema, SchemaTransformation } from "effect"
import { parseReference } from "../customer/CustomerId.ts"
import type { Delivery, Fact, Undeliverable } from "../event/Inbox.ts"
import { inputIssues } from "../value/inputIssues.ts"
import { Text } from "../value/Text.ts"

/** A message as the bus brings it: its topic, the bus's own id of it, and what was published. */
export interface IncomingMessage {
  readonly topic: string
  readonly id: string
  readonly data: unknown
}

/** The topics that this service listens to. */
export const topics = { orders: "orders.order.completed", points: "loyalty.points.earned" } as const

const line = (longest: number) => Text(longest).check(Schema.isMinLength(1, { message: "must not be empty" }))

const Moment = Schema.String.check(
  Schema.makeFilter((text) => /^\d{4}-\d{2}-\d{2}T/.test(text) && Option.isSome(DateTime.make(text)), {
    message: "must be a date and time such as 2024-10-30T10:00:00Z"
  })
).pipe(Schema.decodeTo(Schema.DateTimeUtcFromString, SchemaTransformation.passthrough()))

/** Ids of other services: text of theirs, or a number. */
const Id = Schema.Union([line(64), Schema.Int]).pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform<string, number | string>({ decode: String, encode: (text) => text })
  )
)

const ReferenceId = Id.check(
  Schema.makeFilter((text) => parseReference(text) !== undefined, {
    message: "must be a UUID or a number from 1 to 4294967295"
  })
)

/** The largest amount and number of points that one message may bring. */
const most = 1_000_000_000

const amountOf = (amount: number | string): Option.Option<BigDecimal.BigDecimal> =>
  typeof amount === "number" ? BigDecimal.fromNumber(amount) : BigDecimal.fromString(amount)

/** An amount as a JSON number or, where that would not be exact, as text; kept to four decimals. */
const Amount = Schema.Union([Schema.Finite, Schema.String.check(Schema.isMaxLength(32))])
  .check(
    Schema.makeFilter(
      (amount) =>
        Option.exists(amountOf(amount), (value) => {
          const number = BigDecimal.toNumberUnsafe(value)
          return number >= 0 && number <= most
        }),
      { message: `must be an amount from 0 to ${most}` }
    )
  )
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

const envelopeOf = <Type extends string, Data extends Schema.Top>(eventType: Type, data: Data) =>
  Schema.Struct({
    eventId: line(200),
    eventType: Schema.Literal(eventType),
    version: Schema.String.check(Schema.makeFilter((text) => /^1(\.|$)/.test(text), { message: "must be 1.x" })),
    timestamp: Moment,
    data,
    metadata: Schema.optionalKey(Schema.Struct({ correlationId: Schema.optionalKey(Schema.Unknown) }))
  })

const Currency = line(3)

const OrderCompleted = envelopeOf(
  "OrderCompleted",
  Schema.Struct({
    orderId: Id,
    customerId: ReferenceId,
    total: Amount,
    currency: Currency,
    completedAt: Moment,
    baseTotal: Schema.optionalKey(Amount),
    baseCurrency: Schema.optionalKey(Currency)
  })
)

const PointsEarned = envelopeOf(
  "LoyaltyPointsEarned",
  Schema.Struct({ customerId: ReferenceId, points: Points, balance: Schema.optionalKey(Points) })
)

const decodeOrder = Schema.decodeUnknownResult(OrderCompleted, { errors: "all" })
const decodePoints = Schema.decodeUnknownResult(PointsEarned, { errors: "all" })

const correlationForm = /^[\w.:-]{1,128}$/

const correlationIdOf = (metadata: { readonly correlationId?: unknown } | undefined): { correlationId?: string } => {
  const id = metadata?.correlationId
  return typeof id === "string" && correlationForm.test(id) ? { correlationId: id } : {}
}

/** A clock that runs ahead must not keep what is told later from counting; so far ahead it may be. */
const furthestAhead = { hours: 24 }

const isAhead = (moment: DateTime.Utc, now: DateTime.Utc): boolean =>
  DateTime.isGreaterThan(moment, DateTime.add(now, furthestAhead))

const reference = (text: string) => {
  const found = parseReference(text)
  return found === undefined ? {} : { customer: found }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The event's own id, as far as the message tells it; else the bus's. */
const eventIdOf = ({ data, id }: IncomingMessage): string =>
  isObject(data) && typeof data["eventId"] === "string" && data["eventId"].length <= 200 ? data["eventId"] : id

/** Whom a message is about, as far as it tells. */
const customerOf = ({ data }: IncomingMessage) => {
  const inner = isObject(data) ? data["data"] : undefined
  const id = isObject(inner) ? inner["customerId"] : undefined
  return typeof id === "string" || typeof id === "number" ? reference(String(id)) : {}
}

const undeliverable = (message: IncomingMessage, reason: Undeliverable["reason"], detail: string): Undeliverable => ({
  _tag: "Undeliverable",
  topic: message.topic,
  eventId: eventIdOf(message),
  reason,
  detail,
  ...customerOf(message),
  message: message.data
})

const malformed = (message: IncomingMessage, error: Schema.SchemaError): Undeliverable =>
  undeliverable(
    message,
    "malformed",
    inputIssues(error.issue)
      .slice(0, 5)
      .map((issue) => `${issue.path} ${issue.message}`)
      .join("; ")
      .slice(0, 500)
  )

const deliver = (
  message: IncomingMessage,
  envelope: { readonly eventId: string; readonly metadata?: { readonly correlationId?: unknown } },
  customerId: string,
  fact: Fact
): Delivery | Undeliverable => {
  const { customer } = reference(customerId)
  if (customer === undefined) return undeliverable(message, "malformed", "data.customerId must be a UUID or a number")
  const { eventId, metadata } = envelope
  const { data, topic } = message
  return { _tag: "Delivery", topic, eventId, customer, fact, ...correlationIdOf(metadata), message: data }
}

const tooFarAhead = "is more than a day ahead of this service's clock"

const readOrder = (message: IncomingMessage, currency: string, now: DateTime.Utc): Delivery | Undeliverable => {
  const decoded = decodeOrder(message.data)
  if (Result.isFailure(decoded)) return malformed(message, decoded.failure)
  const envelope = decoded.success
  const { data, eventId, timestamp: occurredAt } = envelope
  if (isAhead(occurredAt, now)) return undeliverable(message, "malformed", `timestamp ${tooFarAhead}`)
  if (isAhead(data.completedAt, now)) return undeliverable(message, "malformed", `data.completedAt ${tooFarAhead}`)
  const total = data.currency === currency ? data.total : data.baseCurrency === currency ? data.baseTotal : undefined
  if (total === undefined) {
    return undeliverable(message, "other_currency", `neither total nor baseTotal is in ${currency}`)
  }
  const { completedAt, orderId } = data
  const order = { orderId, total, completedAt, occurredAt, eventId }
  return deliver(message, envelope, data.customerId, { _tag: "Order", order })
}

const readPoints = (message: IncomingMessage, now: DateTime.Utc): Delivery | Undeliverable => {
  const decoded = decodePoints(message.data)
  if (Result.isFailure(decoded)) return malformed(message, decoded.failure)
  const envelope = decoded.success
  const { data, eventId, timestamp: occurredAt } = envelope
  if (isAhead(occurredAt, now)) return undeliverable(message, "malformed", `timestamp ${tooFarAhead}`)
  const { balance, points } = data
  const entry = { eventId, points, occurredAt, ...(balance === undefined ? {} : { balance }) }
  return deliver(message, envelope, data.customerId, { _tag: "Points", points: entry })
}

/** What a message tells in the shop's currency, or why it can never be applied. Fields that are not known are let be. */
export const readMessage = (
  message: IncomingMessage,
  currency: string,
  now: DateTime.Utc
): Delivery | Undeliverable => {
  if (message.topic === topics.orders) return readOrder(message, currency, now)
  if (message.topic === topics.points) return readPoints(message, now)
  return undeliverable(message, "malformed", "came on a topic that this service does not listen to")
}

/** The same message, given up because nobody appeared whom it is about. */
export const giveUp = (message: IncomingMessage): Undeliverable =>
  undeliverable(message, "unknown_customer", "no customer of this id appeared in time")

/** The same message, given up by the bus. */
export const givenUp = (message: IncomingMessage): Undeliverable =>
  undeliverable(message, "undelivered", "the bus gave up delivering it")
