import { Effect, Result } from "effect"
import { unchanged } from "../customer/admission.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { Once } from "../request/Once.ts"
import type { Email } from "../value/Email.ts"
import { admitUnsuspended } from "./AccountDecisions.ts"
import { takeByAddress } from "./attempts.ts"
import { IdentityPolicy } from "./IdentityPolicy.ts"

/**
 * Asks for another mail address. It takes the place of the present one once a link that is sent to it was followed;
 * the present one is told at once. Says nothing of whether somebody else has the new one.
 */
export const request = Effect.fn("EmailChanges.request")(function* (id: CustomerId, email: Email, once?: Once) {
  const { limits } = yield* IdentityPolicy
  yield* takeByAddress("mail", limits.mailsByAddress)
  const repository = yield* CustomerRepository
  yield* repository.modify(
    id,
    (current) =>
      Result.map(admitUnsuspended(current), () =>
        current.email === email
          ? unchanged(current)
          : {
              ...unchanged(current),
              mails: [
                { kind: "confirm_email_change", recipient: email, customerId: id },
                { kind: "email_change_requested", recipient: current.email, customerId: id }
              ]
            }
      ),
    once
  )
})
