import { Mailer } from "@customer-service/core"
import { Layer, type Redacted } from "effect"
import * as MailFolder from "./MailFolder.ts"
import * as TextGateway from "./TextGateway.ts"
import { writeTo } from "./writtenMessages.ts"

export interface FileMailerSettings {
  /** The folder that mails are written to, and text messages where there is no gateway. */
  readonly directory: string
  /** A gateway that takes text messages as `POST {"to","text"}`; may hold a name and a password. */
  readonly smsUrl?: Redacted.Redacted | undefined
}

/** A mailer that writes what it cannot send. */
export const make = ({ directory, smsUrl }: FileMailerSettings): Mailer.Mailer["Service"] => {
  const folder = MailFolder.make(directory)
  const { sendMail, sendText } = writeTo(folder)
  return Mailer.Mailer.of({
    sendMail,
    sendText: smsUrl === undefined ? sendText : TextGateway.make(smsUrl),
    kept: folder.kept,
    forget: folder.forget
  })
}

/** Writes mails to a folder instead of sending them, for services that have no mail server. */
export const layer = (settings: FileMailerSettings): Layer.Layer<Mailer.Mailer> =>
  Layer.sync(Mailer.Mailer, () => make(settings))
