import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { type Mail, Mailer, MailMemory, type TextMessage } from "../identity/Mailer.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { freshCustomerId, freshWord } from "./strangers.ts"

/** What has arrived at a recipient, oldest first; a test looks for it until it is there. */
export interface Inbox<R = never> {
  readonly mailsTo: (address: string) => Effect.Effect<ReadonlyArray<Pick<Mail, "subject" | "text" | "to">>, never, R>
  readonly textsTo: (phone: string) => Effect.Effect<ReadonlyArray<Pick<TextMessage, "text" | "to">>, never, R>
}

/** The inbox of a mailer that keeps messages in memory. */
export const inboxInMemory: Inbox<MailMemory> = {
  mailsTo: (address) => Effect.map(MailMemory, ({ mails }) => mails.filter(({ to }) => to === address)),
  textsTo: (phone) => Effect.map(MailMemory, ({ texts }) => texts.filter(({ to }) => to === phone))
}

/** The contract of {@link Mailer}. Messages have arrived when the mailer says that they were sent. */
export const mailerContract = <E, R>(
  name: string,
  adapter: Layer.Layer<Mailer | R, E>,
  inbox: Inbox<Mailer | R>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of Mailer`, (it) => {
    arriving(it, inbox)
    rejecting(it, inbox)
    forgetting(it)
  })

const freshAddress = (): string => `${freshWord()}@example.com`

const freshPhone = (): string => `+49 30 ${Number.parseInt(freshWord().slice(1, 8), 16)}`.slice(0, 14)

const texts: ReadonlyArray<readonly [subject: string, text: string]> = [
  ["Confirm your address", "Hello,\n\nhttps://shop.example/verify#token=abc_DEF-123\n"],
  ["Bestätigen: „Zoë“ 👩‍👩‍👧‍👦 李小龍", "Grüße,\nZoë 👩‍👩‍👧‍👦 — محمد\n"],
  ["=?UTF-8?Q?not_encoded?= = 100 %", ".\n..\n.a line with a point before it\nFrom here on\n=3D\n"],
  [`Long ${"words ".repeat(30).trim()}`, `${"x".repeat(990)}\n${"ä".repeat(700)}\n\n\nlast\n`]
]

const arriving = <R>(it: ContractSuite<Mailer | R>, inbox: Inbox<Mailer | R>): void => {
  it.effect("a mail arrives with its recipient, subject and text as they were given", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer
      const [to, other] = [`o'hara+tag.${freshAddress()}`, freshAddress()]
      const customerId = freshCustomerId()
      yield* mailer.sendMail({ customerId, to: other, subject: "Another's", text: "not hers\n" })
      for (const [subject, text] of texts) yield* mailer.sendMail({ customerId, to, subject, text })
      const arrived = (yield* inbox.mailsTo(to)).map(({ subject, text, to: recipient }) => [recipient, subject, text])
      assert.deepStrictEqual(
        arrived,
        texts.map(([subject, text]) => [to, subject, text])
      )
      assert.lengthOf(yield* inbox.mailsTo(other), 1)
    })
  )

  it.effect("a text message arrives with its recipient and text", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer
      const [to, other] = [freshPhone(), freshPhone()]
      const sent = ["Your code is 012345", "Zoë 👩‍👩‍👧‍👦: 999999"]
      for (const text of sent) yield* mailer.sendText({ customerId: freshCustomerId(), to, text })
      const arrived = (yield* inbox.textsTo(to)).map(({ text, to: recipient }) => [recipient, text])
      assert.deepStrictEqual(
        arrived,
        sent.map((text) => [to, text])
      )
      assert.lengthOf(yield* inbox.textsTo(other), 0)
    })
  )
}

const notOneAddress = (address: string, victim: string): ReadonlyArray<string> => [
  "",
  " ",
  "nobody",
  "@",
  `@${address}`,
  `${address},${victim}`,
  `${address}, ${victim}`,
  `${address};${victim}`,
  `${address} ${victim}`,
  `${address}\n`,
  `${address}\r\nBcc: ${victim}`,
  `${address}\nRCPT TO:<${victim}>`,
  `${address}\u0000`,
  `<${address}>`,
  `<${address}>,<${victim}>`,
  `Jane Doe <${address}>`,
  `"${address}, ${victim}"@example.com`,
  `undisclosed:${address};`
]

const notOnePhone = (phone: string): ReadonlyArray<string> => [
  "",
  "12",
  "jane@example.com",
  `${phone}\n`,
  `${phone},${phone}`
]

const rejecting = <R>(it: ContractSuite<Mailer | R>, inbox: Inbox<Mailer | R>): void => {
  it.effect("a recipient that is not exactly one address is rejected for good", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer
      const customerId = freshCustomerId()
      const [address, victim, phone] = [freshAddress(), freshAddress(), freshPhone()]
      const refused = [
        ...notOneAddress(address, victim).map((to) => mailer.sendMail({ customerId, to, subject: "x", text: "x\n" })),
        ...notOnePhone(phone).map((to) => mailer.sendText({ customerId, to, text: "x" }))
      ]
      for (const attempt of refused) {
        assert.deepInclude(yield* Effect.flip(attempt), { _tag: "MailRejected", permanent: true })
      }
      for (const to of [address, victim]) assert.deepStrictEqual(yield* inbox.mailsTo(to), [])
      assert.deepStrictEqual(yield* inbox.textsTo(phone), [])
      assert.deepStrictEqual(yield* mailer.kept(customerId), [])
    })
  )
}

const sendEach = Effect.fnUntraced(function* (customerId: CustomerId) {
  const mailer = yield* Mailer
  yield* mailer.sendMail({ customerId, to: freshAddress(), subject: "One", text: "one\n" })
  yield* mailer.sendMail({ customerId, to: freshAddress(), subject: "Two", text: "two\n" })
  yield* mailer.sendText({ customerId, to: freshPhone(), text: "012345" })
})

const forgetting = (it: ContractSuite<Mailer>): void => {
  it.effect("after forget nothing that was kept of the customer's messages is left, and others' are", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer
      const [hers, others] = [freshCustomerId(), freshCustomerId()]
      yield* sendEach(hers)
      yield* sendEach(others)
      const [kept, keptOfOthers] = [yield* mailer.kept(hers), yield* mailer.kept(others)]
      assert.strictEqual(yield* mailer.forget(hers), kept.length)
      assert.deepStrictEqual(yield* mailer.kept(hers), [])
      assert.deepStrictEqual(yield* mailer.kept(others), keptOfOthers)
      assert.strictEqual(yield* mailer.forget(hers), 0)
      assert.strictEqual(yield* mailer.forget(freshCustomerId()), 0)
    })
  )
}
