import { DateTime, Result, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import {
  type Change,
  type ChangeRecords,
  type Circumstances,
  Customer,
  type NewCustomer
} from "../customer/Customer.ts"
import * as Decisions from "../customer/CustomerDecisions.ts"
import { AddressId, CustomerId, LegacyId } from "../customer/CustomerId.ts"
import { CustomerPolicy } from "../customer/CustomerPolicy.ts"
import { newcomer } from "../customer/Standing.ts"
import { Email } from "../value/Email.ts"
import { StandingPolicy } from "../segment/StandingPolicy.ts"

// A store may be shared with other tests: whoever is made here has ids and a mail address that nobody else has.

export const freshCustomerId = (): CustomerId => CustomerId.make(SecureRandom.uuidV7Unsafe())

export const freshAddressId = (): AddressId => AddressId.make(SecureRandom.uuidV7Unsafe())

/** Text of 12 letters and digits that stands nowhere else. */
export const freshWord = (): string => `q${SecureRandom.uuidV4Unsafe().slice(-11)}`

export const freshLegacyId = (): LegacyId =>
  LegacyId.make((Number.parseInt(SecureRandom.uuidV4Unsafe().slice(0, 8), 16) % 4_294_967_295) + 1)

const noon = DateTime.makeUnsafe("2031-05-06T12:00:00.000Z")

/** The circumstances of a decision, `seconds` after a fixed noon. */
export const circumstances = (seconds = 0): Circumstances => ({
  actor: { kind: "service", subject: "contract", scopes: new Set(["customers:write"]) },
  now: DateTime.add(noon, { seconds })
})

/** The registration of a new customer. */
export const registration = (input: Partial<NewCustomer> = {}): Change => {
  const email = Email.make(`${freshWord()}@example.com`)
  const policy = CustomerPolicy.defaultValue()
  return Result.getOrThrow(
    Decisions.register({ email, ...input }, freshCustomerId(), policy, circumstances(), StandingPolicy.defaultValue())
  )
}

/** `customer` as she is, without a word about what happened. */
export const written = (customer: Customer): Change => ({ customer, events: [], consents: [] })

/** A decision that leaves the customer as she is and brings `records` with it. */
export const bringing =
  (records: ChangeRecords) =>
  (customer: Customer): Result.Result<Change> =>
    Result.succeed({ ...written(customer), ...records })

const freshEmail = (email: string): Email => {
  const at = email.lastIndexOf("@")
  const local = email.slice(0, Math.min(at, 27)).replace(/\.$/, "")
  return Email.make(`${local}.${SecureRandom.uuidV4Unsafe()}${email.slice(at)}`)
}

const unlikeAnyOtherAddress = (address: Customer["addresses"][number]): Customer["addresses"][number] => {
  const { legacyId, ...fields } = address
  const id = freshAddressId()
  return legacyId === undefined ? { ...fields, id } : { ...fields, id, legacyId: freshLegacyId() }
}

/** `customer` under ids and a mail address that nobody else has, and as one who has not ordered yet. */
export const unlikeAnyOther = (customer: Customer): Customer => {
  const { legacyId, ...fields } = customer
  return {
    ...fields,
    ...(legacyId === undefined ? {} : { legacyId: freshLegacyId() }),
    id: freshCustomerId(),
    email: freshEmail(customer.email),
    segment: newcomer,
    registrationDate: customer.createdAt,
    addresses: customer.addresses.map(unlikeAnyOtherAddress)
  }
}

/** A customer as plain values, for comparing two of them. */
export const plain = Schema.encodeSync(Customer)
