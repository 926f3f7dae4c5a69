import { Context, Effect, Layer, Option } from "effect"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { Customer, CustomerStatus } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import type { StorageUnavailable } from "../customer/CustomerErrors.ts"
import { type Email, uniqueForm } from "../value/Email.ts"

/**
 * What a login needs to know of a customer. `sessionEpoch` counts her mass log-outs. `contested` says that somebody
 * registered her address once more before it was verified: nobody knows then whose password hers is.
 */
export interface Account {
  readonly customerId: CustomerId
  readonly email: Email
  readonly status: CustomerStatus
  readonly emailVerified: boolean
  readonly passwordHash?: string | undefined
  readonly sessionEpoch: number
  readonly contested: boolean
}

/**
 * Credentials of customers. Their passwords are written with the customers: see `passwordHash` of a `Change`.
 *
 * MUSTs, each with a contract test of the same wording:
 * - an account is found by its address in whatever capitals, and by id
 * - an account without a password has no hash
 * - a new password and a mass log-out each begin a new epoch
 * - a rehash replaces the hash it was made from and begins no epoch
 * - a rehash of a hash that was replaced meanwhile changes nothing
 * - a contested account stays so until a change that spends a token gives it a password or takes it away
 * - a change that drops the password leaves none
 * - a change that was decided in an earlier epoch fails with CredentialsChanged and changes nothing
 */
export class Credentials extends Context.Service<
  Credentials,
  {
    readonly findByEmail: (email: Email) => Effect.Effect<Option.Option<Account>, StorageUnavailable>
    readonly find: (id: CustomerId) => Effect.Effect<Option.Option<Account>, StorageUnavailable>
    readonly rehash: (id: CustomerId, from: string, to: string) => Effect.Effect<void, StorageUnavailable>
    readonly contest: (id: CustomerId) => Effect.Effect<void, StorageUnavailable>
  }
>()("@customer-service/core/Credentials") {}

/** Credentials beside the customers in memory. */
export const layerMemory: Layer.Layer<Credentials, never, CustomerMemory> = Layer.effect(
  Credentials,
  Effect.map(CustomerMemory, ({ contested, customers, passwordHashes, sessionEpochs }) => {
    const accountOf = ({ email, emailVerified, id, status }: Customer): Account => ({
      customerId: id,
      email,
      status,
      emailVerified,
      passwordHash: passwordHashes.get(id),
      sessionEpoch: sessionEpochs.get(id) ?? 0,
      contested: contested.has(id)
    })
    const lookUp = (find: () => Customer | undefined) =>
      Effect.sync(() => Option.map(Option.fromNullishOr(find()), accountOf))
    return Credentials.of({
      findByEmail: (email) =>
        lookUp(() => customers.values().find((customer) => uniqueForm(customer.email) === uniqueForm(email))),
      find: (id) => lookUp(() => customers.get(id)),
      rehash: (id, from, to) =>
        Effect.sync(() => {
          if (passwordHashes.get(id) === from) passwordHashes.set(id, to)
        }),
      contest: (id) =>
        Effect.sync(() => {
          if (passwordHashes.has(id)) contested.add(id)
        })
    })
  })
)
