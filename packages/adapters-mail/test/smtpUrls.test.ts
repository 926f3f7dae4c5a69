import { freshCustomerId } from "@customer-service/core/testing"
import { SmtpMailer } from "@customer-service/adapters-mail"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { poolOptions } from "../src/smtpOptions.ts"
import { freshFolder } from "./support/folder.ts"
import { mailerOf } from "./support/mailers.ts"
import { smtpServer } from "./support/smtpServer.ts"

const optionsOf = (url: string) => poolOptions(Redacted.make(url))

describe("the address of a mail server", () => {
  it("says where it is and how to speak with it", () => {
    assert.deepInclude(optionsOf("smtp://mail.example"), { host: "mail.example", port: 587, secure: false })
    assert.deepInclude(optionsOf("smtps://mail.example"), { host: "mail.example", port: 465, secure: true })
    assert.deepInclude(optionsOf("smtp://[::1]:2525"), { host: "::1", port: 2525 })
    assert.notProperty(optionsOf("smtp://mail.example"), "auth")
    const auth = { user: "shop@example.com", pass: "p/w:%?" }
    assert.deepInclude(optionsOf("smtp://shop%40example.com:p%2Fw%3A%25%3F@mail.example:25"), { auth })
  })

  it("with a password asks for TLS, unless it is this machine's or says otherwise", () => {
    for (const [url, requireTLS] of [
      ["smtp://a:b@mail.example", true],
      ["smtp://a:b@mail.example?requireTLS=false", false],
      ["smtp://mail.example", false],
      ["smtp://mail.example?requireTLS=true", true],
      ["smtp://a:b@localhost:25", false],
      ["smtp://a:b@127.0.0.1:25", false],
      ["smtp://a:b@[::1]:25", false],
      ["smtp://a:b@127.evil.example", true],
      ["smtp://a:b@localhost.evil.example", true]
    ] as const) {
      assert.strictEqual(optionsOf(url).requireTLS, requireTLS, url)
    }
  })

  it("takes any certificate only where it says so, or where a mail would go in the open as well", () => {
    for (const [url, isChecked] of [
      ["smtps://mail.example", true],
      ["smtp://a:b@mail.example", true],
      ["smtp://a:b@localhost", true],
      ["smtp://mail.example?requireTLS=true", true],
      ["smtp://mail.example", false],
      ["smtps://mail.example?tls.rejectUnauthorized=false", false]
    ] as const) {
      assert.strictEqual(optionsOf(url).tls.rejectUnauthorized, isChecked, url)
    }
  })

  it("turns on nothing else", () => {
    const told = optionsOf("smtp://mail.example?logger=true&debug=true&disableFileAccess=false&service=gmail")
    assert.deepStrictEqual(told, optionsOf("smtp://mail.example"))
    assert.deepInclude(told, { disableFileAccess: true, disableUrlAccess: true })
  })
})

const send = Effect.fnUntraced(function* (url: Redacted.Redacted) {
  const directory = yield* freshFolder
  const { sendMail } = yield* mailerOf(SmtpMailer.layer({ url, from: "shop@example.com", directory }))
  return yield* sendMail({ customerId: freshCustomerId(), to: "ada@example.com", subject: "Hello", text: "x\n" })
})

const startTls = { disabledCommands: [], hideSTARTTLS: false }

describe("a mail server", () => {
  it.live("that knows us is told who we are", () =>
    Effect.gen(function* () {
      const server = yield* smtpServer()
      yield* send(server.url("shop%40example.com:right@"))
      assert.deepInclude(server.deliveries[0], { user: "shop@example.com", secure: false })
    })
  )

  it.live("that offers TLS is spoken to with it, from the start or later, if its certificate is taken", () =>
    Effect.gen(function* () {
      for (const options of [startTls, { secure: true }]) {
        const server = yield* smtpServer(options)
        yield* send(server.url("shop:right@", "?tls.rejectUnauthorized=false"))
        assert.deepInclude(server.deliveries[0], { user: "shop", secure: true })
      }
    })
  )

  it.live("whose certificate nobody vouches for gets mails that would go in the open as well", () =>
    Effect.gen(function* () {
      const server = yield* smtpServer(startTls)
      yield* send(server.url(""))
      assert.deepInclude(server.deliveries[0], { secure: true })
    })
  )

  it.live("whose certificate nobody vouches for gets no mail and no password", () =>
    Effect.gen(function* () {
      const told: Array<unknown> = []
      for (const options of [startTls, { secure: true }]) {
        const server = yield* smtpServer({
          ...options,
          onAuth: ({ password }, _, done) => {
            told.push(password)
            done(null, { user: "shop" })
          }
        })
        assert.isFalse((yield* Effect.flip(send(server.url("shop:right@")))).permanent)
        assert.deepStrictEqual(server.deliveries, [])
      }
      assert.deepStrictEqual(told, [])
    })
  )

  it.live("that offers no TLS where it is asked for gets no mail and no password", () =>
    Effect.gen(function* () {
      const told: Array<unknown> = []
      const server = yield* smtpServer({
        onAuth: ({ password }, _, done) => {
          told.push(password)
          done(null, { user: "shop" })
        }
      })
      assert.isFalse((yield* Effect.flip(send(server.url("shop:right@", "?requireTLS=true")))).permanent)
      assert.deepStrictEqual([server.deliveries.length, told.length], [0, 0])
    })
  )

  it.live("that offers TLS is spoken to without it where that is asked for", () =>
    Effect.gen(function* () {
      const server = yield* smtpServer(startTls)
      yield* send(server.url("", "?ignoreTLS=true"))
      assert.deepInclude(server.deliveries[0], { secure: false })
    })
  )
})
