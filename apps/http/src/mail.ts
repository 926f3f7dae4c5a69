import { FileMailer, SmtpMailer } from "@customer-service/adapters-mail"
import type { Mailer } from "@customer-service/core"
import type { Layer } from "effect"
import { join } from "node:path"
import type { AppConfig } from "./AppConfig.ts"

/** Messages go where SMTP_URL and SMS_URL say; without them they are written to files in DATA_DIR. */
export const layer = (config: AppConfig): Layer.Layer<Mailer.Mailer> => {
  const directory = join(config.DATA_DIR, "mails")
  if (config.SMTP_URL === undefined) return FileMailer.layer({ directory, smsUrl: config.SMS_URL })
  return SmtpMailer.layer({ url: config.SMTP_URL, from: config.MAIL_FROM, smsUrl: config.SMS_URL, directory })
}
