import { Mailer } from "@customer-service/core"
import { Clock, Effect } from "effect"
import type { MailFolder } from "./MailFolder.ts"
import { oneLine } from "./subjects.ts"

// As RFC 6532 has it: UTF-8 in headers and text, so that a link can be copied from the file as it is.
const fileOfMail = ({ subject, text, to }: Mailer.Mail, millis: number): string =>
  [
    `Date: ${new Date(millis).toUTCString().replace("GMT", "+0000")}`,
    `To: ${to}`,
    `Subject: ${oneLine(subject)}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    text
  ].join("\n")

/** Writes mails and text messages to a folder; who they are to is checked as if they were sent. */
export const writeTo = (folder: MailFolder): Pick<Mailer.Mailer["Service"], "sendMail" | "sendText"> => {
  const rejected = Effect.fail(new Mailer.MailRejected({ permanent: true }))
  return {
    sendMail: (mail) =>
      Mailer.isOneAddress(mail.to)
        ? Effect.flatMap(Clock.currentTimeMillis, (now) => folder.write(mail.customerId, "eml", fileOfMail(mail, now)))
        : rejected,
    sendText: ({ customerId, text, to }) =>
      Mailer.isOnePhone(to) ? folder.write(customerId, "txt", `To: ${to}\n\n${text}\n`) : rejected
  }
}
