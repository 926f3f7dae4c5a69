import { type CustomerId, Mailer } from "@customer-service/core"
import { DateTime, Effect, Layer } from "effect"
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** Where messages are written: one file a message, for the eyes of this user alone. */
export interface FileMailerOptions {
  readonly directory: string
}

type Message = Pick<Mailer.TextMessage, "customerId" | "text" | "to"> & { readonly subject?: string }

const render = ({ subject, text, to }: Message): string =>
  subject === undefined ? `To: ${to}\n\n${text}\n` : `To: ${to}\nSubject: ${subject}\n\n${text}`

const failed = () => new Mailer.MailRejected({ permanent: false })

/** The files of a folder that is perhaps not there yet. */
const filesIn = async (directory: string): Promise<ReadonlyArray<string>> => {
  try {
    return await readdir(directory)
  } catch {
    return []
  }
}

/** Writes messages to files instead of sending them. */
export const make = ({ directory }: FileMailerOptions): Mailer.Mailer["Service"] => {
  let written = 0
  let told = false

  const write = Effect.fnUntraced(function* (message: Message, extension: string) {
    const time = DateTime.formatIso(yield* DateTime.now).replaceAll(":", "-")
    written += 1
    const file = join(directory, `${time}-${message.customerId}-${process.pid}-${written}.${extension}`)
    yield* Effect.tryPromise({
      try: async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 })
        await writeFile(file, render(message), { mode: 0o600 })
      },
      catch: failed
    })
    if (told) return
    told = true
    yield* Effect.logWarning(`Messages are not sent: they are written to ${directory}`)
  })

  const rejected = Effect.fail(new Mailer.MailRejected({ permanent: true }))

  const filesOf = async (customerId: CustomerId): Promise<ReadonlyArray<string>> =>
    (await filesIn(directory)).filter((file) => file.includes(customerId)).map((file) => join(directory, file))

  return Mailer.Mailer.of({
    sendMail: (mail) => (Mailer.isOneAddress(mail.to) ? write(mail, "eml") : rejected),
    sendText: (message) => (Mailer.isOnePhone(message.to) ? write(message, "txt") : rejected),
    kept: (customerId) =>
      Effect.promise(async () => Promise.all((await filesOf(customerId)).map((file) => readFile(file, "utf8")))),
    forget: (customerId) =>
      Effect.promise(async () => {
        const files = await filesOf(customerId)
        await Promise.all(files.map((file) => rm(file, { force: true })))
        return files.length
      })
  })
}

/** Messages in files, for a service that was not told where to send them. */
export const layer = (options: FileMailerOptions): Layer.Layer<Mailer.Mailer> =>
  Layer.sync(Mailer.Mailer, () => make(options))
