import { Mailer } from "@customer-service/core"
import { Effect, Layer, Predicate, type Redacted } from "effect"
import * as FileMailer from "./FileMailer.ts"
import { mostMillis, poolOptions } from "./smtpOptions.ts"
import { shownAsIs } from "./subjects.ts"

export interface SmtpMailerSettings extends FileMailer.FileMailerSettings {
  /** The mail server: `smtp://user:password@host:port`, or `smtps://…`. */
  readonly url: Redacted.Redacted
  /** Whom mails are from: an address, or `Name <address>`. */
  readonly from: string
}

/** Replies about who we are to the server, not about the message (RFC 4954, section 6). */
const aboutUs = new Set([530, 534, 535, 538])

/** What an error says of the message, and nothing of whom it was for. */
const factsOf = (error: unknown) => {
  const fact = (name: string) => (Predicate.hasProperty(error, name) ? String(error[name]) : undefined)
  return { code: fact("code"), reply: fact("responseCode"), command: fact("command") }
}

type Facts = ReturnType<typeof factsOf>

/** Whether it is the recipient or the message that the server does not take, and not us. */
const isAboutMail = ({ command, reply }: Facts): boolean =>
  (command === "RCPT TO" || command === "DATA") && !aboutUs.has(Number(reply))

/** A 5xx is the server's last word (RFC 5321, section 4.2.1); 503 says that commands came in the wrong order. */
const isLastWord = ({ reply = "" }: Facts): boolean => /^5(?!03)\d\d$/.test(reply)

// Loaded only where there is a mail server: it takes longer to load than most of the service.
const connect = async ({ from, url }: SmtpMailerSettings) => {
  const { createTransport } = await import("nodemailer")
  return createTransport(poolOptions(url), { from })
}

type Transport = Awaited<ReturnType<typeof connect>>

const messageOf = ({ subject, text, to }: Mailer.Mail, signal: AbortSignal) => ({
  // As an address and no text, it is not looked through for more of them.
  to: { name: "", address: to },
  subject: shownAsIs(subject),
  text,
  headers: { "Auto-Submitted": "auto-generated" },
  signal
})

/** Says in the log when the server ceases to take mails, and when it takes them again. */
const makeReport = () => {
  let isFailing = false
  return {
    taken: Effect.suspend(() => {
      if (!isFailing) return Effect.void
      isFailing = false
      return Effect.logInfo("The mail server takes mails again")
    }),
    failed: (facts: Facts) =>
      Effect.suspend(() => {
        if (isFailing) return Effect.void
        isFailing = true
        return Effect.logWarning("The mail server takes no mails; they wait").pipe(Effect.annotateLogs(facts))
      })
  }
}

const sendOver = (transport: Transport): Mailer.Mailer["Service"]["sendMail"] => {
  const report = makeReport()

  const reject = (facts: Facts) => {
    const rejected = Effect.fail(new Mailer.MailRejected({ permanent: isAboutMail(facts) && isLastWord(facts) }))
    return Effect.andThen(isAboutMail(facts) ? report.taken : report.failed(facts), rejected)
  }

  const send = (mail: Mailer.Mail) =>
    Effect.tryPromise({ try: (signal) => transport.sendMail(messageOf(mail, signal)), catch: factsOf }).pipe(
      Effect.timeoutOrElse({
        duration: mostMillis,
        orElse: () => Effect.fail(factsOf({ code: "ETIMEDOUT" }))
      })
    )

  return Effect.fnUntraced(function* (mail) {
    if (!Mailer.isOneAddress(mail.to)) return yield* new Mailer.MailRejected({ permanent: true })
    yield* Effect.catch(send(mail), reject)
    yield* report.taken
  })
}

const make = (settings: SmtpMailerSettings) =>
  Effect.gen(function* () {
    const transport = yield* Effect.acquireRelease(
      Effect.promise(() => connect(settings)),
      (opened) => Effect.sync(() => opened.close())
    )
    return Mailer.Mailer.of({ ...FileMailer.make(settings), sendMail: sendOver(transport) })
  })

/**
 * Sends mails over SMTP, and text messages through the gateway where one is given; without it they are written to the
 * folder. Keeps nothing of what it sends. What stands in the folder from before is shown and forgotten all the same.
 */
export const layer = (settings: SmtpMailerSettings): Layer.Layer<Mailer.Mailer> =>
  Layer.effect(Mailer.Mailer, make(settings))
