import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { freshCustomerId } from "@customer-service/core/testing"
import { FileMailer, SmtpMailer } from "@customer-service/adapters-mail"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { filesIn, freshFolder } from "./support/folder.ts"
import { listening, mailerOf } from "./support/mailers.ts"

const folderMailer = Effect.fnUntraced(function* () {
  const directory = yield* freshFolder
  return { directory, ...(yield* mailerOf(FileMailer.layer({ directory }))) }
})

const link = `https://shop.example/verify#token=${"aZ_-09".repeat(7)}x`
const mailTo = (customerId = freshCustomerId()) => ({
  customerId,
  to: "ada@example.com",
  subject: "Bestätigen Sie",
  text: `Hier:\n\n${link}\n`
})

const permissionsOf = (file: string): string => (statSync(file).mode & 0o777).toString(8)

describe("mails in a folder", () => {
  it.effect("are files named by their time and customer, which can be read as they are", () =>
    Effect.gen(function* () {
      const { directory, sendMail, sendText } = yield* folderMailer()
      yield* TestClock.setTime(Date.UTC(2026, 10, 24, 16))
      const mail = mailTo()
      yield* sendMail(mail)
      yield* sendText({ customerId: mail.customerId, to: "+1-555-0123", text: "Your code is 012345" })
      const [first = "", second = ""] = readdirSync(directory)
      assert.strictEqual(first, `2026-11-24T16-00-00.000Z-${mail.customerId}-0001.eml`)
      assert.strictEqual(second, `2026-11-24T16-00-00.000Z-${mail.customerId}-0002.txt`)
      const text = readFileSync(join(directory, first), "utf8")
      assert.include(text, "Date: Tue, 24 Nov 2026 16:00:00 +0000\n")
      assert.include(text, "\nSubject: Bestätigen Sie\n")
      assert.include(text, `\n\nHier:\n\n${link}\n`)
    })
  )

  it.effect("are for this user alone, though the folder was open to others before", () =>
    Effect.gen(function* () {
      const { directory, sendMail } = yield* folderMailer()
      mkdirSync(directory, { recursive: true })
      chmodSync(directory, 0o755)
      yield* sendMail(mailTo())
      assert.strictEqual(permissionsOf(directory), "700")
      for (const name of readdirSync(directory)) assert.strictEqual(permissionsOf(join(directory, name)), "600")
    })
  )

  it.effect("have no header but their own, whatever stands in their subject", () =>
    Effect.gen(function* () {
      const { directory, sendMail } = yield* folderMailer()
      yield* sendMail({ ...mailTo(), subject: "a\nBcc: eve@example.com\n\nbody" })
      assert.include(filesIn(directory)[0], "\nSubject: a Bcc: eve@example.com body\n")
    })
  )

  it.effect("are not written over by another process that writes at the same moment", () =>
    Effect.gen(function* () {
      const directory = yield* freshFolder
      const mailers = [
        yield* mailerOf(FileMailer.layer({ directory })),
        yield* mailerOf(FileMailer.layer({ directory }))
      ]
      const customerId = freshCustomerId()
      const mails = Array.from({ length: 10 }, () => mailers.map(({ sendMail }) => sendMail(mailTo(customerId)))).flat()
      yield* Effect.all(mails, { concurrency: "unbounded" })
      assert.lengthOf(filesIn(directory), 20)
    })
  )

  it.effect("are told of in the log, once, without whom they are for", () => {
    const { layer, lines } = listening()
    return Effect.gen(function* () {
      const { directory, sendMail } = yield* folderMailer()
      assert.deepStrictEqual(lines, [])
      const mail = mailTo()
      yield* sendMail(mail)
      yield* sendMail(mail)
      assert.lengthOf(lines, 1)
      assert.include(lines[0], directory)
      for (const secret of [mail.to, mail.customerId, link]) assert.notInclude(lines[0], secret)
    }).pipe(Effect.provide(layer))
  })

  it.effect("that cannot be written are rejected for now", () =>
    Effect.gen(function* () {
      const { directory, sendMail } = yield* folderMailer()
      mkdirSync(dirname(directory), { recursive: true })
      writeFileSync(directory, "a file where the folder should be")
      assert.isFalse((yield* Effect.flip(sendMail(mailTo()))).permanent)
    })
  )

  it.effect("that cannot be looked for are not said to be none", () =>
    Effect.gen(function* () {
      const { directory, forget, kept } = yield* folderMailer()
      mkdirSync(dirname(directory), { recursive: true })
      writeFileSync(directory, "a file where the folder should be")
      for (const look of [Effect.asVoid(kept(freshCustomerId())), Effect.asVoid(forget(freshCustomerId()))]) {
        assert.isTrue(Exit.isFailure(yield* Effect.exit(look)))
      }
    })
  )

  it.effect("are shown and forgotten after there is a mail server too, and files of others stay", () =>
    Effect.gen(function* () {
      const { directory, sendMail } = yield* folderMailer()
      const [hers, others] = [mailTo(), mailTo()]
      yield* Effect.forEach([hers, others], sendMail)
      writeFileSync(join(directory, `notes about ${hers.customerId}.md`), "not a mail")
      const url = Redacted.make("smtp://127.0.0.1:1")
      const { forget, kept } = yield* mailerOf(SmtpMailer.layer({ url, from: "shop@example.com", directory }))
      const [text] = yield* kept(hers.customerId)
      assert.include(text, link)
      assert.strictEqual(yield* forget(hers.customerId), 1)
      assert.deepStrictEqual(yield* kept(hers.customerId), [])
      assert.lengthOf(readdirSync(directory), 2)
    })
  )
})
