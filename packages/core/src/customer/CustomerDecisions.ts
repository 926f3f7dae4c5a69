import { DateTime, Result, Struct } from "effect"
import { type Attributes, excessOf } from "../value/Attributes.ts"
import * as AddressBook from "./AddressBook.ts"
import { changedConsents, initialConsents } from "./Consent.ts"
import type { Change, Circumstances, Customer, CustomerChanges, CustomerStatus, NewCustomer } from "./Customer.ts"
import {
  AddressLimitExceeded,
  AddressNotFound,
  CustomerNotFound,
  type InputIssue,
  InvalidInput,
  VersionConflict
} from "./CustomerErrors.ts"
import { AddressBookChanged, CustomerCreated, CustomerDeactivated, CustomerProfileUpdated } from "./CustomerEvent.ts"
import { admit, unchanged } from "./admission.ts"
import type { AddressId, CustomerId } from "./CustomerId.ts"
import type { CustomerPolicy } from "./CustomerPolicy.ts"
import { changePreferences, defaultPreferences } from "./Preferences.ts"
import { changeProfile, type ProfileChanges } from "./Profile.ts"
import { newcomerOf } from "../segment/StandingDecisions.ts"
import type { StandingPolicy } from "../segment/StandingPolicy.ts"

const birthDateIssues = (changes: ProfileChanges | undefined, now: DateTime.Utc): ReadonlyArray<InputIssue> =>
  typeof changes?.dateOfBirth === "string" && changes.dateOfBirth > DateTime.formatIsoDateUtc(now)
    ? [{ path: "profile.dateOfBirth", message: "must not be in the future" }]
    : []

const attributeIssues = (path: string, attributes: Attributes): ReadonlyArray<InputIssue> => {
  const message = excessOf(attributes)
  return message === undefined ? [] : [{ path, message }]
}

/** What is wrong with the outcome of changes, each of which is well-formed. */
const issuesOf = (
  changes: CustomerChanges,
  { profile, preferences }: Pick<Customer, "profile" | "preferences">,
  now: DateTime.Utc
): ReadonlyArray<InputIssue> => [
  ...birthDateIssues(changes.profile, now),
  ...attributeIssues("profile.data", profile.data ?? {}),
  ...attributeIssues("preferences.custom", preferences.custom)
]

const initialStatus = (policy: CustomerPolicy): CustomerStatus =>
  policy.defaultStatus === "pending" && !policy.emailVerificationRequired && !policy.phoneVerificationRequired
    ? "active"
    : policy.defaultStatus

/**
 * A new customer under the shop's policy. Fails with `InvalidInput` for a birth date in the future and for
 * more than 50 attributes.
 */
export const register = (
  input: NewCustomer,
  id: CustomerId,
  policy: CustomerPolicy,
  { actor, now }: Circumstances,
  standings: StandingPolicy
): Result.Result<Change, InvalidInput> => {
  const given = input.preferences ?? {}
  const preferences = changePreferences(defaultPreferences(policy), given)
  const profile = changeProfile({}, input.profile ?? {})
  const issues = issuesOf(input, { profile, preferences }, now)
  if (issues.length > 0) return Result.fail(new InvalidInput({ issues }))
  const newcomer = {
    id,
    email: input.email,
    customerType: input.customerType ?? policy.defaultType,
    status: initialStatus(policy),
    emailVerified: false,
    phoneVerified: false,
    ...(input.registrationSource === undefined ? {} : { registrationSource: input.registrationSource }),
    profile,
    preferences,
    addresses: [],
    registrationDate: now,
    createdAt: now,
    updatedAt: now,
    version: 1
  }
  const { record, segment } = newcomerOf(newcomer, standings, now)
  const customer: Customer = { ...newcomer, segment }
  return Result.succeed({
    customer,
    events: [created(customer)],
    consents: initialConsents(preferences, given, actor, now),
    standing: record
  })
}

// A customer was checked when she came in; a rule that was tightened later must not keep her from changing.
const asGiven = { disableChecks: true }

const created = ({ id, email, profile, segment, registrationDate }: Customer): CustomerCreated =>
  new CustomerCreated(
    {
      customerId: id,
      email,
      profile: Struct.pick(profile, ["firstName", "lastName"]),
      segment: { tier: segment.tier, segment: segment.segment },
      registrationDate
    },
    asGiven
  )

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The dotted paths under `path` whose values differ; a group that is missing is one without fields. */
const differences = (before: unknown, after: unknown, path: string): ReadonlyArray<string> => {
  if (before === after) return []
  if (!isGroup(before) && !isGroup(after)) return [path]
  const [old, wanted] = [isGroup(before) ? before : {}, isGroup(after) ? after : {}]
  return Object.keys({ ...old, ...wanted }).flatMap((key) => differences(old[key], wanted[key], `${path}.${key}`))
}

const changedPaths = (before: Customer, after: Customer): ReadonlyArray<string> => [
  ...differences(before.profile, after.profile, "profile"),
  ...differences(before.preferences, after.preferences, "preferences")
]

/** Changes profile and preferences. */
export const update = (
  current: Customer,
  changes: CustomerChanges,
  { actor, now, expectedVersion }: Circumstances
): Result.Result<Change, CustomerNotFound | VersionConflict | InvalidInput> =>
  Result.flatMap(admit(current, expectedVersion), () => {
    const profile = changeProfile(current.profile, changes.profile ?? {})
    const preferences = changePreferences(current.preferences, changes.preferences ?? {})
    const issues = issuesOf(changes, { profile, preferences }, now)
    if (issues.length > 0) return Result.fail(new InvalidInput({ issues }))
    const wanted = { ...current, profile, preferences }
    const changed = changedPaths(current, wanted)
    if (changed.length === 0) return Result.succeed(unchanged(current))
    const phoneVerified = current.phoneVerified && profile.phone === current.profile.phone
    const customer = { ...wanted, phoneVerified, updatedAt: now, version: current.version + 1 }
    const event = new CustomerProfileUpdated(
      {
        customerId: customer.id,
        version: customer.version,
        changed,
        profile,
        preferences,
        updatedAt: now
      },
      asGiven
    )
    return Result.succeed({
      customer,
      events: [event],
      consents: changedConsents(current.preferences, preferences, actor, now)
    })
  })

/** Closes the account: the customer is inactive from now on, her sessions end, and she is erased after the grace. */
export const deactivate = (
  current: Customer,
  { actor, now, expectedVersion }: Circumstances,
  erasureGraceDays: number
): Result.Result<Change, CustomerNotFound | VersionConflict> =>
  Result.map(admit(current, expectedVersion), () => {
    const customer: Customer = {
      ...current,
      status: "inactive",
      deactivatedAt: now,
      updatedAt: now,
      version: current.version + 1
    }
    const event = new CustomerDeactivated(
      { customerId: customer.id, version: customer.version, deactivatedAt: now },
      asGiven
    )
    const erasure = {
      dueAt: DateTime.add(now, { days: erasureGraceDays }),
      requestedAt: now,
      requestedBy: actor.subject,
      reason: "the account was closed"
    }
    return { customer, events: [event], consents: [], endsSessions: true, erasure }
  })

const withAddresses = (current: Customer, addresses: AddressBook.AddressBook, now: DateTime.Utc): Change => {
  if (addresses === current.addresses) return unchanged(current)
  const customer = { ...current, addresses, updatedAt: now, version: current.version + 1 }
  const event = new AddressBookChanged(
    {
      customerId: customer.id,
      version: customer.version,
      addresses,
      updatedAt: now
    },
    asGiven
  )
  return { customer, events: [event], consents: [] }
}

/** Adds an address under the shop's limit. */
export const addAddress = (
  current: Customer,
  input: AddressBook.NewAddress,
  id: AddressId,
  limit: number,
  { now, expectedVersion }: Circumstances
): Result.Result<Change, CustomerNotFound | VersionConflict | AddressLimitExceeded | InvalidInput> =>
  Result.gen(function* () {
    yield* admit(current, expectedVersion)
    if (current.addresses.length >= limit) {
      return yield* Result.fail(new AddressLimitExceeded({ customerId: current.id, limit }))
    }
    return withAddresses(current, yield* AddressBook.add(current.addresses, input, id, now), now)
  })

const findAddress = (customer: Customer, id: AddressId): Result.Result<AddressBook.Address, AddressNotFound> =>
  Result.fromNullishOr(
    customer.addresses.find((address) => address.id === id),
    () => new AddressNotFound({ customerId: customer.id, addressId: id })
  )

/** Changes one address. */
export const changeAddress = (
  current: Customer,
  id: AddressId,
  changes: AddressBook.AddressChanges,
  { now, expectedVersion }: Circumstances
): Result.Result<Change, CustomerNotFound | VersionConflict | AddressNotFound | InvalidInput> =>
  Result.gen(function* () {
    yield* admit(current, expectedVersion)
    const address = yield* findAddress(current, id)
    const book = yield* AddressBook.change(current.addresses, address, changes, now)
    return withAddresses(current, book, now)
  })

/** Removes one address. */
export const removeAddress = (
  current: Customer,
  id: AddressId,
  { now, expectedVersion }: Circumstances
): Result.Result<Change, CustomerNotFound | VersionConflict | AddressNotFound> =>
  Result.gen(function* () {
    yield* admit(current, expectedVersion)
    yield* findAddress(current, id)
    return withAddresses(current, AddressBook.remove(current.addresses, id, now), now)
  })
