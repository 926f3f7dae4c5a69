import { Context, Effect, Layer, Schema } from "effect"
import { CustomerDocument, type Customer } from "./Customer.ts"
import { CustomerNotFound, type StorageUnavailable } from "./CustomerErrors.ts"
import type { CustomerId } from "./CustomerId.ts"
import { CustomerRepository } from "./CustomerRepository.ts"

/** A customer as the JSON text that is sent, and the version it shows. */
export interface DocumentText {
  readonly version: number
  readonly json: string
}

// A rule that was tightened later must not hide old customers.
const encodeDocument = Schema.encodeSync(CustomerDocument, { disableChecks: true })

/** The customer as the API shows her, as a value ready for `JSON.stringify`. */
export const documentOf = (customer: Customer): typeof CustomerDocument.Encoded => encodeDocument(customer)

const rendered = new WeakMap<Customer, DocumentText>()

/** The customer as the API shows her, as JSON text. What was just written is cached and sent: rendered once. */
export const renderDocument = (customer: Customer): DocumentText => {
  const present = rendered.get(customer)
  if (present !== undefined) return present
  const text = { version: customer.version, json: JSON.stringify(documentOf(customer)) }
  rendered.set(customer, text)
  return text
}

/**
 * Read model of open accounts: the JSON of a customer, ready to send, without building the aggregate.
 * It exists for the hot read alone; see docs/adr/0003-hot-read.md for what it saves.
 *
 * MUSTs, each with a contract test of the same wording:
 * - find gives the JSON of the customer as the repository would give her
 * - find fails with CustomerNotFound for an unknown id and for a closed account
 * - find never gives an older version than a finished write
 */
export class CustomerDocuments extends Context.Service<
  CustomerDocuments,
  {
    readonly find: (id: CustomerId) => Effect.Effect<DocumentText, CustomerNotFound | StorageUnavailable>
  }
>()("@customer-service/core/CustomerDocuments") {}

/** Documents rendered from the repository at each read. */
export const layer = Layer.effect(
  CustomerDocuments,
  Effect.map(CustomerRepository, (repository) => ({
    find: Effect.fnUntraced(function* (id: CustomerId) {
      const customer = yield* repository.get(id)
      if (customer.status === "inactive") return yield* new CustomerNotFound({ customerId: id })
      return renderDocument(customer)
    })
  }))
)
