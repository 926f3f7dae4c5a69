import { Mailer } from "@customer-service/core"
import { freshCustomerId } from "@customer-service/core/testing"
import { SmtpMailer } from "@customer-service/adapters-mail"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result } from "effect"
import { filesIn, freshFolder } from "./support/folder.ts"
import { listening, mailerOf } from "./support/mailers.ts"
import { readMail } from "./support/readMail.ts"
import { refusal, smtpServer } from "./support/smtpServer.ts"

const mail = (change: Partial<Mailer.Mail> = {}): Mailer.Mail => ({
  customerId: freshCustomerId(),
  to: "ada@example.com",
  subject: "Set a new password",
  text: "Hello\n",
  ...change
})

const smtpMailer = Effect.fnUntraced(function* (url: Redacted.Redacted) {
  const directory = yield* freshFolder
  const from = "Lädchen <shop@example.com>"
  return { ...(yield* mailerOf(SmtpMailer.layer({ url, from, directory }))), directory }
})

/** What sending comes to: done, or how it was rejected. */
const outcome = (sending: Effect.Effect<void, Mailer.MailRejected>) =>
  Effect.map(Effect.result(sending), (result) => {
    if (Result.isSuccess(result)) return "sent"
    return result.failure.permanent ? "rejected for good" : "rejected for now"
  })

const link = `https://shop.example/customers/reset-password#token=${"aZ_-09".repeat(7)}x`

describe("a mail over SMTP", () => {
  it.live("has its one recipient, who it is from, and says that no person wrote it", () =>
    Effect.gen(function* () {
      const server = yield* smtpServer()
      const { directory, kept, sendMail } = yield* smtpMailer(server.url())
      const sent = mail()
      yield* sendMail(sent)
      const [delivery] = server.deliveries
      assert.deepInclude(delivery, { from: "shop@example.com", recipients: ["ada@example.com"] })
      const { headers } = readMail(delivery?.raw ?? "")
      assert.strictEqual(headers.get("auto-submitted"), "auto-generated")
      assert.match(headers.get("from") ?? "", /<shop@example\.com>$/)
      assert.match(headers.get("message-id") ?? "", /@example\.com>$/)
      assert.deepStrictEqual(yield* kept(sent.customerId), [])
      assert.deepStrictEqual(filesIn(directory), [])
    })
  )

  it.live("is of ASCII lines of at most 998 characters, and its link is in one piece for who reads it", () =>
    Effect.gen(function* () {
      const server = yield* smtpServer()
      const { sendMail } = yield* smtpMailer(server.url())
      const plain = `Set a new password here:\n\n${link}\n`
      const texts = [
        plain,
        `Grüße — 李小龍 👩‍👩‍👧‍👦\n\n${link}\n`,
        `${"x".repeat(2000)} ${link}\n`,
        `李小龍\n`.repeat(50) + link
      ]
      for (const text of texts)
        yield* sendMail(mail({ text, subject: "Bestätigen: „Zoë“ 👩‍👩‍👧‍👦 李小龍 ".repeat(4).trim() }))
      for (const [index, { raw }] of server.deliveries.entries()) {
        assert.match(raw, /^[\x20-\x7e\r\n]*$/)
        assert.isAtMost(Math.max(...raw.split("\r\n").map((line) => line.length)), 998)
        const { subject, text } = readMail(raw)
        assert.include(text, link)
        assert.strictEqual(text.trimEnd(), texts[index]?.trimEnd())
        assert.strictEqual(subject, "Bestätigen: „Zoë“ 👩‍👩‍👧‍👦 李小龍 ".repeat(4).trim())
      }
      assert.lengthOf(server.deliveries, 4)
    })
  )

  it.live("has no header and no recipient but its own, whatever stands in its subject", () =>
    Effect.gen(function* () {
      const server = yield* smtpServer()
      const { sendMail } = yield* smtpMailer(server.url())
      const evil = "a\r\nBcc: eve@example.com\r\n\r\nbody\u2028\u0000=?UTF-8?Q?=0D=0ABcc:_eve=40example.com?="
      yield* sendMail(mail({ subject: evil }))
      const [{ raw, recipients } = { raw: "", recipients: [] }] = server.deliveries
      assert.deepStrictEqual(recipients, ["ada@example.com"])
      const { headers, subject, text } = readMail(raw)
      assert.isFalse(headers.has("bcc"))
      assert.strictEqual(text, "Hello\n")
      assert.strictEqual(subject, "a Bcc: eve@example.com body =?UTF-8?Q?=0D=0ABcc:_eve=40example.com?=")
    })
  )

  it.live("goes over a few connections with those that come at the same time", () =>
    Effect.gen(function* () {
      let connections = 0
      const server = yield* smtpServer({
        onConnect: (_, done) => {
          connections += 1
          done()
        }
      })
      const { sendMail } = yield* smtpMailer(server.url())
      yield* Effect.forEach(Array.from({ length: 30 }), () => sendMail(mail()), { concurrency: 10 })
      assert.lengthOf(server.deliveries, 30)
      assert.isAtMost(connections, 3)
    })
  )
})

describe("a mail that the server does not take", () => {
  it.live("is rejected for good where the recipient or the message is refused with 5xx, else for now", () =>
    Effect.gen(function* () {
      let reply = 550
      const server = yield* smtpServer({ onRcptTo: (_, __, done) => done(reply === 0 ? null : refusal(reply)) })
      const { sendMail } = yield* smtpMailer(server.url())
      assert.strictEqual(yield* outcome(sendMail(mail())), "rejected for good")
      for (reply of [421, 450, 530, 503]) assert.strictEqual(yield* outcome(sendMail(mail())), "rejected for now")
      reply = 0
      server.state.onMessage = () => refusal(554)
      assert.strictEqual(yield* outcome(sendMail(mail())), "rejected for good")
      server.state.onMessage = () => refusal(452)
      assert.strictEqual(yield* outcome(sendMail(mail())), "rejected for now")
      server.state.onMessage = () => undefined
      assert.strictEqual(yield* outcome(sendMail(mail())), "sent")
    })
  )

  it.live("is rejected for now where it is we who are refused", () =>
    Effect.gen(function* () {
      const server = yield* smtpServer({ onMailFrom: (_, __, done) => done(refusal(550)) })
      const { sendMail } = yield* smtpMailer(server.url())
      assert.strictEqual(yield* outcome(sendMail(mail())), "rejected for now")
      const wrong = yield* smtpMailer((yield* smtpServer()).url("shop:wrong@"))
      assert.strictEqual(yield* outcome(wrong.sendMail(mail())), "rejected for now")
    })
  )

  it.live("is rejected for now while the server is down, and goes out once it is back; the log says so once", () => {
    const { layer, lines } = listening()
    return Effect.gen(function* () {
      const server = yield* smtpServer()
      const { sendMail } = yield* smtpMailer(server.url("shop:right@"))
      yield* sendMail(mail())
      yield* server.close
      for (const _ of [1, 2]) assert.strictEqual(yield* outcome(sendMail(mail())), "rejected for now")
      const again = yield* smtpServer({}, server.port)
      yield* sendMail(mail())
      assert.lengthOf(again.deliveries, 1)
      assert.deepStrictEqual(
        lines.map((line) => JSON.parse(line).message),
        ["The mail server takes no mails; they wait", "The mail server takes mails again"]
      )
      assert.include(lines[0], "ESOCKET")
    }).pipe(Effect.provide(layer))
  })

  it.live("is nothing to warn of where only its recipient is refused", () => {
    const { layer, lines } = listening()
    return Effect.gen(function* () {
      const server = yield* smtpServer({ onRcptTo: (_, __, done) => done(refusal(450)) })
      const { sendMail } = yield* smtpMailer(server.url())
      yield* outcome(sendMail(mail()))
      assert.deepStrictEqual(lines, [])
    }).pipe(Effect.provide(layer))
  })

  it.live("leaves nothing of whom it was for in the log or the error", () => {
    const { layer, lines } = listening()
    return Effect.gen(function* () {
      const server = yield* smtpServer({ onMailFrom: (_, __, done) => done(refusal(450, "not to ada@example.com")) })
      const { sendMail } = yield* smtpMailer(server.url("shop:right@"))
      const error = yield* Effect.flip(sendMail(mail()))
      assert.sameMembers(Object.keys(error), ["_tag", "permanent"])
      assert.isUndefined(error.cause)
      assert.lengthOf(lines, 1)
      assert.include(lines[0], "450")
      for (const secret of ["ada@", "right", "127.0.0.1"]) assert.notInclude(lines.join("\n"), secret)
    }).pipe(Effect.provide(layer))
  })

  it.live(
    "is given up within seconds where the server says nothing",
    () =>
      Effect.gen(function* () {
        const server = yield* smtpServer({ onConnect: () => {} })
        const { sendMail } = yield* smtpMailer(server.url())
        assert.strictEqual(yield* Effect.timeout(outcome(sendMail(mail())), "12 seconds"), "rejected for now")
      }),
    20_000
  )
})

describe("a caller who is interrupted", () => {
  it.live("sends nothing any more", () =>
    Effect.gen(function* () {
      const server = yield* smtpServer()
      const { sendMail } = yield* smtpMailer(server.url())
      yield* Effect.race(sendMail(mail()), Effect.void)
      yield* sendMail(mail({ to: "grace@example.com" }))
      assert.deepStrictEqual(
        server.deliveries.flatMap(({ recipients }) => recipients),
        ["grace@example.com"]
      )
    })
  )
})
