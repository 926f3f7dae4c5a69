import { once } from "node:events"
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server"
import { vi } from "vitest"
import { type Mail, readMail, tokenIn } from "./mailText.ts"
import { freePort } from "./serviceProcess.ts"

/** Mails of a recipient that have not been taken yet are waited for this long; in milliseconds. */
const patience = 15_000

/** A mail server that delivers nothing further: who got which mail can be looked up. */
export interface MailServer {
  readonly url: string
  /** Everything that was delivered, oldest first. */
  readonly all: () => ReadonlyArray<Mail>
  readonly to: (address: string) => ReadonlyArray<Mail>
  /** The oldest mail to this address that nobody has taken yet and whose text or subject matches; waits for it. */
  readonly take: (address: string, words?: RegExp) => Promise<Mail>
  /** The secret in the next mail whose link leads to this page. */
  readonly takeToken: (address: string, page: "verify-email" | "reset-password") => Promise<string>
  /** Takes no more mails and refuses new lines, until it is opened again. */
  readonly close: () => Promise<void>
  readonly open: () => Promise<void>
}

const addressesOf = ({ envelope }: SMTPServerSession): ReadonlyArray<string> =>
  envelope.rcptTo.map(({ address }) => address)

const bytesOf = async (stream: SMTPServerDataStream): Promise<Buffer> => {
  const parts: Array<Buffer> = []
  for await (const part of stream) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

/** Starts a mail server on a port of its own. */
export const startMailServer = async (): Promise<MailServer> => {
  const delivered: Array<Mail> = []
  const taken = new Set<Mail>()
  const port = await freePort()

  const listen = async (): Promise<SMTPServer> => {
    const server = new SMTPServer({
      authOptional: true,
      // Lines that the service keeps open are not waited for.
      closeTimeout: 100,
      disabledCommands: ["AUTH", "STARTTLS"],
      onData: (stream, session, callback) =>
        void bytesOf(stream).then((bytes) => {
          delivered.push(readMail(addressesOf(session), bytes))
          callback()
        })
    })
    server.on("error", () => {})
    server.listen(port, "127.0.0.1")
    await once(server.server, "listening")
    return server
  }

  let server = await listen()
  const to = (address: string) => delivered.filter(({ recipients }) => recipients.includes(address))
  const take = async (address: string, words = /(?:)/): Promise<Mail> => {
    const find = () => to(address).find((mail) => !taken.has(mail) && words.test(`${mail.subject}\n${mail.text}`))
    const mail = await vi.waitUntil(find, { timeout: patience })
    taken.add(mail)
    return mail
  }

  return {
    url: `smtp://127.0.0.1:${port}`,
    all: () => delivered,
    to,
    take,
    takeToken: async (address, page) => tokenIn(await take(address, new RegExp(`/${page}#token=`))),
    close: () => new Promise((resolve) => server.close(() => resolve())),
    open: async () => {
      server = await listen()
    }
  }
}
