import { Mailer } from "@customer-service/core"
import { Effect, Layer, Redacted } from "effect"
import type { Transporter } from "nodemailer"
import * as FileMailer from "./FileMailer.ts"

/** A mail server, who mails are from, and where text messages and what cannot be sent go. */
export interface SmtpMailerOptions extends FileMailer.FileMailerOptions {
  /** `smtp://user:password@host:port`, or `smtps://…` for TLS from the start. */
  readonly url: Redacted.Redacted
  readonly from: string
  /** Takes text messages as `POST {"to","text"}`; without it they are written to files. */
  readonly smsUrl?: Redacted.Redacted | undefined
}

/** Milliseconds. */
const patience = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 10_000 }
const smsPatience = 5000

/** 5xx is the server's last word (RFC 5321, section 4.2.1); anything else may be otherwise later. */
const isPermanent = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "responseCode" in error && Number(error.responseCode) >= 500

const rejected = (permanent: boolean) => new Mailer.MailRejected({ permanent })

const connect = async ({ from, url }: SmtpMailerOptions): Promise<Transporter> => {
  // Loaded when the first mail goes out: who sends none need not wait for it at the start.
  const { createTransport } = await import("nodemailer")
  const { host, port, protocol, username, password } = readUrl(Redacted.value(url))
  return createTransport(
    {
      host,
      port,
      secure: protocol === "smtps:",
      pool: true,
      maxConnections: 2,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(username === "" ? {} : { auth: { user: username, pass: password } }),
      ...patience
    },
    { from }
  )
}

const readUrl = (text: string) => {
  const { hostname, password, port, protocol, username } = new URL(text)
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "smtps:" ? 465 : 587) : Number(port),
    protocol,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password)
  }
}

const sendOver = (smsUrl: Redacted.Redacted, { text, to }: Mailer.TextMessage) =>
  Effect.tryPromise({
    try: (signal) =>
      fetch(Redacted.value(smsUrl), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ to, text }),
        redirect: "error",
        signal: AbortSignal.any([signal, AbortSignal.timeout(smsPatience)])
      }),
    catch: () => rejected(false)
  }).pipe(Effect.flatMap(({ ok, status }) => (ok ? Effect.void : Effect.fail(rejected(status >= 400 && status < 500)))))

const make = (options: SmtpMailerOptions) => {
  const { smsUrl } = options
  const files = FileMailer.make(options)
  let transporter: Promise<Transporter> | undefined
  const transport = () => (transporter ??= connect(options))

  const mailer = Mailer.Mailer.of({
    sendMail: ({ subject, text, to }) =>
      Mailer.isOneAddress(to)
        ? Effect.tryPromise({
            try: async () =>
              (await transport()).sendMail({ to: { name: "", address: to }, subject, text, textEncoding: "base64" }),
            catch: (error) => rejected(isPermanent(error))
          })
        : Effect.fail(rejected(true)),
    sendText: (message) => {
      if (!Mailer.isOnePhone(message.to)) return Effect.fail(rejected(true))
      return smsUrl === undefined ? files.sendText(message) : sendOver(smsUrl, message)
    },
    kept: files.kept,
    forget: files.forget
  })
  const close = Effect.promise(async () => (await transporter)?.close())
  return { mailer, close }
}

/** Mails over SMTP, text messages over HTTP. Keeps nothing but what it had to write to files. */
export const layer = (options: SmtpMailerOptions): Layer.Layer<Mailer.Mailer> =>
  Layer.effect(
    Mailer.Mailer,
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => make(options)),
        ({ close }) => close
      ),
      ({ mailer }) => mailer
    )
  )
