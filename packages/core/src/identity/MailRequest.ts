import type { CustomerId } from "../customer/CustomerId.ts"

/**
 * A message that somebody is to get, before it is written: it holds no secret, since the courier makes the token when
 * the message goes out. `recipient` is a mail address, for a code a phone.
 *
 * Where only an address was given (`verify_email`, `reset_password`) the courier finds out whether it is a customer's:
 * the one who asked is not kept waiting for it, and learns nothing from the time that it takes.
 */
export type MailRequest =
  | { readonly kind: "verify_email" | "reset_password"; readonly recipient: string }
  | {
      readonly kind: "verify_registration"
      readonly recipient: string
      readonly customerId: CustomerId
      readonly passwordHash?: string | undefined
    }
  | {
      readonly kind:
        | "already_registered"
        | "confirm_email_change"
        | "email_change_requested"
        | "email_changed"
        | "email_taken"
        | "password_changed"
        | "phone_code"
      readonly recipient: string
      readonly customerId: CustomerId
    }

export type MailKind = MailRequest["kind"]
