import { DateTime, Effect, Option, type Redacted } from "effect"
import { endingSessions } from "../identity/endSessions.ts"
import * as Password from "../identity/Password.ts"
import { CurrentActor, isAdmin } from "../request/Actor.ts"
import type { Once } from "../request/Once.ts"
import type { AddressChanges, NewAddress } from "./AddressBook.ts"
import type { CustomerChanges, ExpectedVersion, NewCustomer } from "./Customer.ts"
import * as Decisions from "./CustomerDecisions.ts"
import { CustomerDocuments, renderDocument } from "./CustomerDocuments.ts"
import { ActionForbidden, AddressNotFound, CustomerNotFound, InvalidInput } from "./CustomerErrors.ts"
import { type AddressId, type CustomerId, type LegacyId, makeCustomerId, parseReference } from "./CustomerId.ts"
import { CustomerPolicy } from "./CustomerPolicy.ts"
import type { CustomerQuery } from "./CustomerQuery.ts"
import { CustomerRepository } from "./CustomerRepository.ts"
import { StandingPolicy } from "../segment/StandingPolicy.ts"

/** What a writing caller may add: the version expected to be current, and a key under which it happens once. */
export interface WriteOptions {
  readonly expectedVersion?: ExpectedVersion | undefined
  readonly once?: Once | undefined
}

const circumstances = Effect.fnUntraced(function* (expectedVersion?: ExpectedVersion) {
  return { actor: yield* CurrentActor, now: yield* DateTime.now, expectedVersion }
})

/**
 * Creates a customer, for services and staff; the password, where one is given, is stored as a hash alone.
 * Fails with `ActionForbidden`, `InvalidInput`, `WeakPassword` or `EmailTaken`.
 */
export const register = Effect.fn("Customers.register")(function* (
  input: NewCustomer,
  password?: Redacted.Redacted,
  once?: Once
) {
  const repository = yield* CustomerRepository
  const policy = yield* CustomerPolicy
  if ((yield* CurrentActor).kind === "customer") {
    return yield* new ActionForbidden({ reason: "a customer does not create accounts" })
  }
  const id = yield* makeCustomerId
  const change = yield* Effect.fromResult(
    Decisions.register(input, id, policy, yield* circumstances(), yield* StandingPolicy)
  )
  const passwordHash = password === undefined ? undefined : yield* Password.hashNew(password, input)
  return yield* repository.insert(passwordHash === undefined ? change : { ...change, passwordHash }, once)
})

/**
 * The id of the customer that a UUID or a Magento id names, where the current actor may touch her: customers
 * reach themselves alone, and are told `CustomerNotFound` about everybody else, whether she exists or not.
 * Fails with `InvalidInput` at `customerId` for text that is neither.
 */
export const resolve = Effect.fnUntraced(function* (identifier: string) {
  const reference = parseReference(identifier)
  if (reference === undefined) {
    return yield* new InvalidInput({
      issues: [{ path: "customerId", message: "must be a UUID or a number from 1 to 4294967295" }]
    })
  }
  const id = reference._tag === "Id" ? reference.id : yield* findLegacy(reference.legacyId)
  const actor = yield* CurrentActor
  if (actor.kind !== "customer" || actor.subject === id) return id
  // Named as she was asked for: the id behind a Magento id would tell that it exists.
  return yield* new CustomerNotFound({ customerId: identifier })
})

const findLegacy = Effect.fnUntraced(function* (legacyId: LegacyId) {
  const repository = yield* CustomerRepository
  const found = yield* repository.findByLegacyId(legacyId)
  return Option.isSome(found) ? found.value : yield* new CustomerNotFound({ customerId: String(legacyId) })
})

/** A customer; closed accounts are shown to admins alone. */
export const get = Effect.fn("Customers.get")(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  const customer = yield* repository.get(id)
  if (customer.status === "inactive" && !isAdmin(yield* CurrentActor)) {
    return yield* new CustomerNotFound({ customerId: id })
  }
  return customer
})

/** A customer as JSON text with its version; closed accounts are shown to admins alone. */
export const document = Effect.fnUntraced(function* (id: CustomerId) {
  const documents = yield* CustomerDocuments
  return yield* Effect.catchTag(documents.find(id), "CustomerNotFound", (notFound) =>
    Effect.flatMap(CurrentActor, (actor) =>
      isAdmin(actor) ? Effect.map(get(id), renderDocument) : Effect.fail(notFound)
    )
  )
})

/** A page of customers, for admins alone. */
export const list = Effect.fn("Customers.list")(function* (query: CustomerQuery) {
  if (!isAdmin(yield* CurrentActor)) {
    return yield* new ActionForbidden({ reason: "listing customers needs the scope customers:admin" })
  }
  const repository = yield* CustomerRepository
  return yield* repository.list(query)
})

/**
 * The customers of these ids that exist, in the order asked for, for services and staff; closed accounts are
 * shown to admins alone.
 */
export const getMany = Effect.fn("Customers.getMany")(function* (ids: ReadonlyArray<CustomerId>) {
  const repository = yield* CustomerRepository
  const actor = yield* CurrentActor
  if (actor.kind === "customer") {
    return yield* new ActionForbidden({ reason: "a customer reads her own account alone" })
  }
  const customers = yield* repository.getMany(ids)
  const admin = isAdmin(actor)
  return customers.filter((customer) => admin || customer.status !== "inactive")
})

/** Changes profile and preferences, field by field. */
export const update = Effect.fn("Customers.update")(function* (
  id: CustomerId,
  changes: CustomerChanges,
  options?: WriteOptions
) {
  const repository = yield* CustomerRepository
  const when = yield* circumstances(options?.expectedVersion)
  return yield* repository.modify(id, (customer) => Decisions.update(customer, changes, when))
})

/** Closes an account: its sessions end, and its erasure is planned. */
export const deactivate = Effect.fn("Customers.deactivate")(function* (id: CustomerId, options?: WriteOptions) {
  const repository = yield* CustomerRepository
  const when = yield* circumstances(options?.expectedVersion)
  const { erasureGraceDays } = yield* CustomerPolicy
  return yield* repository
    .modify(id, (current) => Decisions.deactivate(current, when, erasureGraceDays), options?.once)
    .pipe(endingSessions(id))
})

/** One address of a customer. */
export const getAddress = Effect.fn("Customers.getAddress")(function* (id: CustomerId, addressId: AddressId) {
  const customer = yield* get(id)
  const address = customer.addresses.find((candidate) => candidate.id === addressId)
  if (address === undefined) return yield* new AddressNotFound({ customerId: id, addressId })
  return { customer, address }
})

/** Adds an address, under an id the caller made, within the shop's limit. */
export const addAddress = Effect.fn("Customers.addAddress")(function* (
  id: CustomerId,
  input: NewAddress,
  addressId: AddressId,
  options?: WriteOptions
) {
  const repository = yield* CustomerRepository
  const { maxAddresses } = yield* CustomerPolicy
  const when = yield* circumstances(options?.expectedVersion)
  return yield* repository.modify(
    id,
    (customer) => Decisions.addAddress(customer, input, addressId, maxAddresses, when),
    options?.once
  )
})

/** Changes one address, field by field. */
export const changeAddress = Effect.fn("Customers.changeAddress")(function* (
  id: CustomerId,
  addressId: AddressId,
  changes: AddressChanges,
  options?: WriteOptions
) {
  const repository = yield* CustomerRepository
  const when = yield* circumstances(options?.expectedVersion)
  return yield* repository.modify(id, (customer) => Decisions.changeAddress(customer, addressId, changes, when))
})

/** Removes one address. */
export const removeAddress = Effect.fn("Customers.removeAddress")(function* (
  id: CustomerId,
  addressId: AddressId,
  options?: WriteOptions
) {
  const repository = yield* CustomerRepository
  const when = yield* circumstances(options?.expectedVersion)
  return yield* repository.modify(id, (customer) => Decisions.removeAddress(customer, addressId, when))
})
