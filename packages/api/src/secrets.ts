import { Password } from "@customer-service/core"
import { Schema } from "effect"
import { noPassword } from "./failureOf.ts"

interface Bounds {
  readonly maxLength: number
  readonly message: string
}

/** Secret text of a request: bounded before anything is done with it, and in no log from then on. */
const secret = (description: string, { maxLength, message }: Bounds) =>
  Schema.RedactedFromValue(
    Schema.String.annotate({ description, message, format: "password", writeOnly: true }).check(
      Schema.isMaxLength(maxLength, { message })
    )
  )

// Far beyond the longest password, so that its length is told by the rule for passwords.
const longestText = 1024

/** A password that is chosen. */
export const NewPassword = secret("Kept as a hash alone; how long it must be is up to the shop.", {
  maxLength: longestText,
  message: `must be text of at most ${Password.longestPassword} characters`
})

/** A password that was chosen before, and is compared. */
export const GivenPassword = secret("The password of the account.", { maxLength: longestText, message: noPassword })

/** A token that came by mail. */
export const MailedToken = secret("The token from the mail: what stands behind `#token=` in its link.", {
  maxLength: 64,
  message: "is not a token of this service"
})

/** What the newest login or refresh gave to refresh with. */
export const RefreshToken = secret("The newest `refreshToken` of the session.", {
  maxLength: 128,
  message: "is not a refresh token of this service"
})

/** A code that came to a phone. */
export const PhoneCode = Schema.RedactedFromValue(
  Schema.String.annotate({
    description: "The six digits that were sent.",
    message: "must be six digits",
    writeOnly: true
  }).check(Schema.isPattern(/^[0-9]{6}$/u, { message: "must be six digits" }))
)

/** A secret of an answer. */
export const Issued = (description: string) =>
  Schema.RedactedFromValue(Schema.String.annotate({ description, format: "password" }))
