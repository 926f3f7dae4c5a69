import type { AddressInfo } from "node:net"
import { Effect, Redacted } from "effect"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"

/** A message as the server was given it. */
export interface Delivery {
  readonly from: string
  readonly recipients: ReadonlyArray<string>
  readonly raw: string
  readonly secure: boolean
  readonly user: string | undefined
}

/** A refusal with a reply code of the server's. */
export const refusal = (responseCode: number, message = "no") => Object.assign(new Error(message), { responseCode })

const textOf = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString("latin1")
}

const listen = (server: SMTPServer, port: number) =>
  Effect.callback<number>((resume) => {
    const listener = server.listen(port, "127.0.0.1", () =>
      resume(Effect.succeed((listener.address() as AddressInfo).port))
    )
  })

const close = (server: SMTPServer) =>
  Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
  })

/** A mail server that keeps what it is given, until it is told to refuse it. */
export const smtpServer = Effect.fnUntraced(function* (options: SMTPServerOptions = {}, port = 0) {
  const state: { onMessage: (delivery: Delivery) => Error | undefined } = { onMessage: () => undefined }
  const deliveries: Array<Delivery> = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ password, username }, _, done) =>
      password === "right" ? done(null, { user: username }) : done(refusal(535, "wrong password")),
    onData: (stream, { envelope, secure, user }, done) => {
      void textOf(stream).then((raw) => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address
        const recipients = envelope.rcptTo.map(({ address }) => address)
        const delivery = { from, recipients, raw, secure, user }
        const refused = state.onMessage(delivery)
        if (refused === undefined) deliveries.push(delivery)
        return done(refused)
      })
    },
    ...options
  })
  server.on("error", () => {})
  const used = yield* Effect.acquireRelease(listen(server, port), () => close(server))
  const url = (credentials = "", query = "") =>
    Redacted.make(`${options.secure === true ? "smtps" : "smtp"}://${credentials}127.0.0.1:${used}${query}`)
  return { close: close(server), deliveries, port: used, state, url }
})
