import { Context, Effect, Layer, Schema } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { Email } from "../value/Email.ts"
import { PhoneNumber } from "../value/PhoneNumber.ts"

/** A mail to one address. `text` is plain; lines end with `\n`. */
export interface Mail {
  readonly customerId: CustomerId
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** A text message to one phone. */
export interface TextMessage {
  readonly customerId: CustomerId
  readonly to: string
  readonly text: string
}

/** The message could not be handed over; `permanent` where trying again would not help. */
export class MailRejected extends Schema.TaggedError<MailRejected>()("MailRejected", {
  permanent: Schema.Boolean
}) {}

/**
 * Hands messages over to whoever delivers them.
 *
 * MUSTs, each with a contract test of the same wording:
 * - a mail arrives with its recipient, subject and text as they were given
 * - a text message arrives with its recipient and text
 * - a recipient that is not exactly one address is rejected for good
 * - after forget nothing that was kept of the customer's messages is left, and others' are
 */
export class Mailer extends Context.Service<
  Mailer,
  {
    readonly sendMail: (mail: Mail) => Effect.Effect<void, MailRejected>
    readonly sendText: (message: TextMessage) => Effect.Effect<void, MailRejected>
    /** What is kept of messages to this customer, as text, one a message. */
    readonly kept: (customerId: CustomerId) => Effect.Effect<ReadonlyArray<string>>
    /** Removes whatever is kept of messages to this customer; answers how many. */
    readonly forget: (customerId: CustomerId) => Effect.Effect<number>
  }
>()("@customer-service/core/Mailer") {}

/** The messages that {@link layerMemory} was given, oldest first, for those who want to read them. */
export class MailMemory extends Context.Service<
  MailMemory,
  { readonly mails: Array<Mail>; readonly texts: Array<TextMessage> }
>()("@customer-service/core/MailMemory") {
  static readonly layer = Layer.sync(MailMemory, () => ({ mails: [], texts: [] }))
}

/** Whether text can be the recipient of a mail: one address, and nothing that a mail server would read as more. */
export const isOneAddress: (text: string) => boolean = Schema.is(Email)

/** Whether text can be the recipient of a text message. */
export const isOnePhone: (text: string) => boolean = Schema.is(PhoneNumber)

const removeAll = <A extends { readonly customerId: CustomerId }>(list: Array<A>, customerId: CustomerId): number => {
  const before = list.length
  list.splice(0, before, ...list.filter((message) => message.customerId !== customerId))
  return before - list.length
}

const rejected = Effect.fail(new MailRejected({ permanent: true }))

/** Keeps messages in this process's memory instead of sending them. */
export const layerMemory: Layer.Layer<Mailer | MailMemory> = Layer.effect(
  Mailer,
  Effect.map(MailMemory, ({ mails, texts }) =>
    Mailer.of({
      sendMail: (mail) => (isOneAddress(mail.to) ? Effect.sync(() => void mails.push(mail)) : rejected),
      sendText: (message) => (isOnePhone(message.to) ? Effect.sync(() => void texts.push(message)) : rejected),
      kept: (customerId) =>
        Effect.sync(() =>
          [...mails, ...texts]
            .filter((message) => message.customerId === customerId)
            .map((message) => JSON.stringify(message))
        ),
      forget: (customerId) => Effect.sync(() => removeAll(mails, customerId) + removeAll(texts, customerId))
    })
  )
).pipe(Layer.provideMerge(MailMemory.layer))
