import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { DateTime, Result } from "effect"
import type { Change, Circumstances, Customer, CustomerChanges, NewCustomer } from "../src/customer/Customer.ts"
import * as Decisions from "../src/customer/CustomerDecisions.ts"
import type { CustomerEvent } from "../src/customer/CustomerEvent.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import { Email } from "../src/value/Email.ts"
import {
  Arbitraries,
  circumstances,
  freshAddressId,
  freshCustomerId,
  plain,
  registration
} from "../src/testing/index.ts"
import { StandingPolicy } from "../src/segment/StandingPolicy.ts"

const email = Email.make("jane@example.com")
const later = circumstances(60)

const register = (input: Partial<NewCustomer> = {}, policy: Partial<CustomerPolicy> = {}) =>
  Decisions.register(
    { email, ...input },
    freshCustomerId(),
    { ...CustomerPolicy.defaultValue(), ...policy },
    circumstances(),
    StandingPolicy.defaultValue()
  )

const update = (customer: Customer, changes: CustomerChanges, when: Circumstances = later) =>
  Decisions.update(customer, changes, when)

const refusal = <E>(result: Result.Result<unknown, E>): E => Result.getOrThrow(Result.flip(result))

const open = Arbitraries.customer.map((customer): Customer => ({ ...customer, status: "active" }))

/** Asserts that every field of an event that a customer has too is hers. */
const assertTellsOf = (customer: Customer, event: CustomerEvent) => {
  assert.strictEqual(event.customerId, customer.id)
  for (const field of ["version", "profile", "preferences", "addresses", "updatedAt", "deactivatedAt"] as const) {
    if (Object.hasOwn(event, field)) assert.deepStrictEqual<unknown>(Reflect.get(event, field), customer[field])
  }
}

const assertNextVersion = (before: Customer, { customer, events, consents }: Change) => {
  if (customer === before) {
    assert.deepStrictEqual([events, consents], [[], []])
    return
  }
  assert.strictEqual(customer.version, before.version + 1)
  assert.deepStrictEqual(customer.updatedAt, later.now)
  assert.lengthOf(events, 1)
  for (const event of events) assertTellsOf(customer, event)
  const unmoved = { ...plain(customer), version: before.version, updatedAt: plain(before).updatedAt }
  assert.notDeepEqual(unmoved, plain(before))
}

describe("the version", () => {
  it.prop([open, Arbitraries.customerChanges])("grows by one with a change, and stays without", (customer, changes) => {
    const change = Result.getOrThrow(update(customer, changes))
    assertNextVersion(customer, change)
    assert.strictEqual(Result.getOrThrow(update(change.customer, changes)).customer, change.customer)
  })

  it.prop([open, Arbitraries.addressCommand])("grows by one with a changed address book", (customer, command) => {
    const decided = Arbitraries.decideAddressCommand(customer, command, later)
    if (decided !== undefined) assertNextVersion(customer, Result.getOrThrow(decided))
  })

  it.prop([open])("grows by one when the account is closed", (customer) => {
    const change = Result.getOrThrow(Decisions.deactivate(customer, later, 30))
    assertNextVersion(customer, change)
    assert.strictEqual(change.customer.status, "inactive")
    assert.deepStrictEqual(change.customer.deactivatedAt, later.now)
  })
})

describe("a caller who expects a version", () => {
  const { customer } = registration()
  const address = { street: "1 Main St", city: "Springfield", country: "US" }
  const addressId = freshAddressId()
  const writes: Readonly<Record<string, (when: Circumstances) => Result.Result<Change, Arbitraries.AddressRefusal>>> = {
    update: (when) => update(customer, { profile: { firstName: "Zoë" } }, when),
    deactivate: (when) => Decisions.deactivate(customer, when, 30),
    addAddress: (when) => Decisions.addAddress(customer, address, addressId, 10, when),
    changeAddress: (when) => Decisions.changeAddress(customer, addressId, { city: "Shelbyville" }, when),
    removeAddress: (when) => Decisions.removeAddress(customer, addressId, when)
  }

  it.each(Object.entries(writes))("is told the current one by %s where it is another", (_, write) => {
    assert.deepInclude(refusal(write({ ...later, expectedVersion: 7 })), { _tag: "VersionConflict", current: 1 })
  })

  it.each(Object.entries(writes))("gets past the check of %s where it is the same", (_, write) => {
    const result = write({ ...later, expectedVersion: 1 })
    if (Result.isFailure(result)) assert.strictEqual(result.failure._tag, "AddressNotFound")
  })
})

describe("a closed account", () => {
  it.prop([open, Arbitraries.customerChanges, Arbitraries.addressCommand])(
    "refuses every write",
    (customer, changes, command) => {
      const closed = Result.getOrThrow(Decisions.deactivate(customer, circumstances(), 30)).customer
      const attempts = [
        update(closed, changes),
        Decisions.deactivate(closed, later, 30),
        Arbitraries.decideAddressCommand(closed, command, later)
      ]
      for (const attempt of attempts) {
        if (attempt !== undefined) assert.strictEqual(refusal<{ _tag: string }>(attempt)._tag, "CustomerNotFound")
      }
    }
  )
})

describe("a new customer", () => {
  it.prop([Arbitraries.newCustomer])("is in version one, told of by one event", (input) => {
    const { customer, events } = Result.getOrThrow(register(input))
    assert.strictEqual(customer.version, 1)
    assert.strictEqual(customer.email, input.email)
    assert.deepStrictEqual(customer.createdAt, customer.updatedAt)
    assert.deepStrictEqual(
      events.map((event) => event._tag),
      ["CustomerCreated"]
    )
  })

  it.each([
    [{}, "pending"],
    [{ emailVerificationRequired: false }, "active"],
    [{ emailVerificationRequired: false, phoneVerificationRequired: true }, "pending"],
    [{ defaultStatus: "active" }, "active"],
    [{ defaultStatus: "suspended", emailVerificationRequired: false }, "suspended"]
  ] as const)("under the policy %j is %s", (policy, status) => {
    assert.strictEqual(Result.getOrThrow(register({}, policy)).customer.status, status)
  })

  it("has the shop's type, language, currency and time zone unless she says her own", () => {
    const policy = { defaultType: "business", defaultLanguage: "de", defaultCurrency: "EUR" } as const
    const { customer } = Result.getOrThrow(register({ preferences: { currency: "CHF" } }, policy))
    assert.strictEqual(customer.customerType, "business")
    const { language, currency, timezone } = customer.preferences
    assert.deepStrictEqual({ language, currency, timezone }, { language: "de", currency: "CHF", timezone: "UTC" })
  })

  it("leaves out what she cleared before it was there", () => {
    const { customer } = Result.getOrThrow(
      register({ profile: { phone: null, data: { size: null } }, preferences: { custom: null } })
    )
    assert.deepStrictEqual(customer.profile, {})
    assert.deepStrictEqual(customer.preferences.custom, {})
  })
})

describe("a birth date", () => {
  const today = DateTime.formatIsoDateUtc(circumstances().now)
  const tomorrow = DateTime.formatIsoDateUtc(DateTime.add(circumstances().now, { days: 1 }))
  const issues = [{ path: "profile.dateOfBirth", message: "must not be in the future" }]

  it("may be today", () => {
    assert.isTrue(Result.isSuccess(register({ profile: { dateOfBirth: today } })))
  })

  it("may not be tomorrow, for a new customer nor in a change", () => {
    assert.deepInclude(refusal(register({ profile: { dateOfBirth: tomorrow } })), { _tag: "InvalidInput", issues })
    const changed = update(registration().customer, { profile: { dateOfBirth: tomorrow } })
    assert.deepInclude(refusal(changed), { _tag: "InvalidInput", issues })
  })
})

describe("more attributes than may be", () => {
  const fifty = (prefix: string) =>
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${prefix}${index}`, index]))
  const issue = (path: string) => [{ path, message: "must hold at most 50 attributes" }]

  it("are refused for a new customer", () => {
    const tooMany = { ...fifty("a"), another: true }
    assert.deepInclude(refusal(register({ profile: { data: tooMany } })), { issues: issue("profile.data") })
    assert.deepInclude(refusal(register({ preferences: { custom: tooMany } })), { issues: issue("preferences.custom") })
  })

  it("are refused where they are too long together", () => {
    const long = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`a${index}`, "x".repeat(2000)]))
    const issues = [{ path: "profile.data", message: "must be at most 16384 characters long as JSON" }]
    assert.deepInclude(refusal(register({ profile: { data: long } })), { issues })
  })

  it("are refused where changes add up to them", () => {
    const { customer } = Result.getOrThrow(
      register({ profile: { data: fifty("a") }, preferences: { custom: fifty("a") } })
    )
    const added = update(customer, { profile: { data: { another: true } } })
    assert.deepInclude(refusal(added), { issues: issue("profile.data") })
    const custom = update(customer, { preferences: { custom: fifty("b") } })
    assert.deepInclude(refusal(custom), { issues: issue("preferences.custom") })
    const swapped = update(customer, { profile: { data: { a0: null, another: true } } })
    assert.isTrue(Result.isSuccess(swapped))
  })
})

describe("a change of the profile", () => {
  const changedBy = (before: CustomerChanges, changes: CustomerChanges) => {
    const { customer } = registration(before)
    const [event] = Result.getOrThrow(update(customer, changes)).events
    return event?._tag === "CustomerProfileUpdated" ? event.changed : []
  }

  it("names the fields that changed by their path, and no others", () => {
    const before = { profile: { firstName: "Jane", lastName: "Doe" }, preferences: { language: "en" } }
    const changes = {
      profile: { firstName: "Jane", lastName: null, phone: "+1-555-0123" },
      preferences: { language: "de", marketing: { smsOptIn: true, pushOptIn: true } }
    }
    assert.sameMembers(
      [...changedBy(before, changes)],
      ["profile.lastName", "profile.phone", "preferences.language", "preferences.marketing.smsOptIn"]
    )
  })

  it("sees attributes whose names have dots, or are those of every object", () => {
    const before = { preferences: { custom: { "a.b": 1, valueOf: "x" } } }
    const changes = { preferences: { custom: { "a.b": 2, toString: "y", valueOf: null } } }
    assert.sameMembers(
      [...changedBy(before, changes)],
      ["preferences.custom.a.b", "preferences.custom.toString", "preferences.custom.valueOf"]
    )
  })

  it("takes the verification of a phone away with the phone, and not otherwise", () => {
    const { customer } = registration({ profile: { phone: "+1-555-0123" } })
    const verified: Customer = { ...customer, phoneVerified: true }
    const verifiedAfter = (changes: CustomerChanges) =>
      Result.getOrThrow(update(verified, changes)).customer.phoneVerified
    assert.isFalse(verifiedAfter({ profile: { phone: "+1-555-0124" } }))
    assert.isFalse(verifiedAfter({ profile: { phone: null } }))
    assert.isTrue(verifiedAfter({ profile: { phone: "+1-555-0123", firstName: "Zoë" } }))
  })
})

describe("the address limit", () => {
  const address = { street: "1 Main St", city: "Springfield", country: "US" }

  it.prop([fc.integer({ min: 0, max: 12 })])("is the shop's", (limit) => {
    let { customer } = registration()
    for (let count = 0; count < limit; count += 1) {
      customer = Result.getOrThrow(Decisions.addAddress(customer, address, freshAddressId(), limit, later)).customer
    }
    const one = Decisions.addAddress(customer, address, freshAddressId(), limit, later)
    assert.deepInclude(refusal(one), { _tag: "AddressLimitExceeded", limit })
  })
})
