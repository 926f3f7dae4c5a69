import { Context } from "effect"
import type { MailKind } from "./MailRequest.ts"

/** What a message is made of: `link` leads to the page that uses its token, `code` is what a phone gets. */
export interface MailFacts {
  readonly shop: string
  readonly link: string
  readonly code: string
  /** For how long the token or code is good, in words. */
  readonly goodFor: string
  /** The language that the customer prefers, as a BCP 47 tag. */
  readonly language: string
}

/** The words of a message, without a salutation that could carry what somebody typed into a form. */
export interface MailText {
  readonly subject: string
  readonly text: string
}

const unasked = "If you did not ask for this, you need not do anything."
const notYou = "If this was not you, set a new password at once and tell us."

const texts: { readonly [Kind in MailKind]: (facts: MailFacts) => MailText } = {
  verify_registration: ({ goodFor, link, shop }) => ({
    subject: `Confirm your mail address for ${shop}`,
    text: `Somebody has just registered this mail address at ${shop}. Was it you? Then confirm it here:\n\n${link}\n\nThe link is good for ${goodFor}. It makes the password of that registration yours: follow it only if you chose that password yourself. ${unasked}\n`
  }),
  verify_email: ({ goodFor, link, shop }) => ({
    subject: `Confirm your mail address for ${shop}`,
    text: `Confirm your mail address here:\n\n${link}\n\nThe link is good for ${goodFor}. ${unasked}\n`
  }),
  reset_password: ({ goodFor, link, shop }) => ({
    subject: `Set a new password for ${shop}`,
    text: `Set a new password here:\n\n${link}\n\nThe link is good for ${goodFor} and for one use. ${unasked}\n`
  }),
  already_registered: ({ shop }) => ({
    subject: `You have an account at ${shop}`,
    text: `Somebody tried to register this mail address at ${shop}, which belongs to an account already. Nothing has changed. If it was you and you do not know your password, ask for a new one. ${unasked}\n`
  }),
  confirm_email_change: ({ goodFor, link, shop }) => ({
    subject: `Confirm your new mail address for ${shop}`,
    text: `Confirm that this is your new mail address here:\n\n${link}\n\nThe link is good for ${goodFor}. ${unasked}\n`
  }),
  email_change_requested: ({ shop }) => ({
    subject: `A new mail address for your account at ${shop}`,
    text: `Somebody asked for another mail address for your account at ${shop}. It changes once the new address is confirmed. ${notYou}\n`
  }),
  email_changed: ({ shop }) => ({
    subject: `Your mail address at ${shop} has changed`,
    text: `Your account at ${shop} has another mail address from now on; this one is no longer used. ${notYou}\n`
  }),
  email_taken: ({ shop }) => ({
    subject: `You have an account at ${shop}`,
    text: `Somebody asked to use this mail address for another account at ${shop}. It belongs to yours already, so nothing has changed. ${unasked}\n`
  }),
  password_changed: ({ shop }) => ({
    subject: `Your password at ${shop} has changed`,
    text: `Your password at ${shop} has changed, and you were logged out elsewhere. ${notYou}\n`
  }),
  phone_code: ({ code, goodFor, shop }) => ({
    subject: "",
    text: `${code} is your code for ${shop}. It is good for ${goodFor}. Tell it to nobody.`
  })
}

/** The words of each message. A shop that speaks otherwise, or other languages, provides its own. */
export const MailTexts = Context.Reference<(kind: MailKind, facts: MailFacts) => MailText>(
  "@customer-service/core/MailTexts",
  { defaultValue: () => (kind, facts) => texts[kind](facts) }
)
