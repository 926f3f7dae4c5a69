import { BigDecimal, Struct } from "effect"
import * as fc from "fast-check"
import type { Customer, CustomerChanges, NewCustomer } from "../customer/Customer.ts"
import { CustomerId } from "../customer/CustomerId.ts"
import type { Preferences, PreferencesChanges } from "../customer/Preferences.ts"
import { changeProfile, type ProfileChanges } from "../customer/Profile.ts"
import type { Standing } from "../customer/Standing.ts"
import { addressBook } from "./addressArbitraries.ts"
import {
  attributeChanges,
  attributes,
  birthDate,
  currency,
  email,
  filledLine,
  instant,
  language,
  legacyId,
  line,
  phoneNumber,
  timezone
} from "./valueArbitraries.ts"

const gender = fc.constantFrom("male" as const, "female" as const, "other" as const, "prefer_not_to_say" as const)
const avatar = fc.constantFrom(
  "https://cdn.example.com/a.png",
  "http://[::1]:8080/ä?b=c#d",
  `https://e.com/${"p".repeat(2000)}`
)
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { freq: 4 })

/** Changes to a profile: any field absent, set or cleared. */
export const profileChanges: fc.Arbitrary<ProfileChanges> = fc.record(
  {
    firstName: nullable(line(100)),
    lastName: nullable(line(100)),
    dateOfBirth: nullable(birthDate),
    gender: nullable(gender),
    phone: nullable(phoneNumber),
    avatar: nullable(avatar),
    data: nullable(attributeChanges)
  },
  { requiredKeys: [], noNullPrototype: true }
)

/** Profiles as they come about by changes. */
export const profile = profileChanges.map((changes) => changeProfile({}, changes))

const marketing = { emailOptIn: fc.boolean(), smsOptIn: fc.boolean(), pushOptIn: fc.boolean() }
const notifications = { orderUpdates: fc.boolean(), promotions: fc.boolean(), newsletters: fc.boolean() }
const privacy = { dataSharing: fc.boolean(), analyticsTracking: fc.boolean(), cookieConsent: fc.boolean() }

/** Complete preferences. */
export const preferences: fc.Arbitrary<Preferences> = fc.record(
  {
    language,
    currency,
    timezone,
    marketing: fc.record(marketing, { noNullPrototype: true }),
    notifications: fc.record(notifications, { noNullPrototype: true }),
    privacy: fc.record(privacy, { noNullPrototype: true }),
    custom: attributes
  },
  { noNullPrototype: true }
)

/** Changes to preferences: any field absent at either level. */
export const preferencesChanges: fc.Arbitrary<PreferencesChanges> = fc.record(
  {
    language,
    currency,
    timezone,
    marketing: fc.record(marketing, { requiredKeys: [], noNullPrototype: true }),
    notifications: fc.record(notifications, { requiredKeys: [], noNullPrototype: true }),
    privacy: fc.record(privacy, { requiredKeys: [], noNullPrototype: true }),
    custom: nullable(attributeChanges)
  },
  { requiredKeys: [], noNullPrototype: true }
)

/** Changes to a customer. */
export const customerChanges: fc.Arbitrary<CustomerChanges> = fc.record(
  { profile: profileChanges, preferences: preferencesChanges },
  { requiredKeys: [], noNullPrototype: true }
)

const customerType = fc.constantFrom("individual" as const, "business" as const)
const registrationSource = filledLine(50)

/** People who register: from an email alone to all that can be said. */
export const newCustomer: fc.Arbitrary<NewCustomer> = fc.record(
  { email, customerType, registrationSource, profile: profileChanges, preferences: preferencesChanges },
  { requiredKeys: ["email"], noNullPrototype: true }
)

const money = fc.integer({ min: 0, max: 10_000_000_000 }).map((cents) => BigDecimal.make(BigInt(cents), 2))

/** Standings with amounts of whole cents. */
export const standing: fc.Arbitrary<Standing> = fc.record(
  {
    tier: fc.constantFrom("regular" as const, "premium" as const, "vip" as const),
    segment: fc.constantFrom(
      "vip" as const,
      "high_value" as const,
      "wholesale" as const,
      "new_customer" as const,
      "regular" as const
    ),
    loyaltyPoints: fc.nat(),
    totalSpent: money,
    orderCount: fc.nat(),
    averageOrderValue: money
  },
  { noNullPrototype: true }
)

const customerId = fc.uuid().map((id) => CustomerId.make(id))

const complete = fc.record(
  {
    id: customerId,
    legacyId,
    email,
    customerType,
    status: fc.constantFrom("active" as const, "inactive" as const, "suspended" as const, "pending" as const),
    emailVerified: fc.boolean(),
    phoneVerified: fc.boolean(),
    registrationSource,
    profile,
    segment: standing,
    preferences,
    addresses: addressBook,
    registrationDate: instant,
    lastLoginAt: instant,
    createdAt: instant,
    updatedAt: instant,
    // Below the greatest 32-bit integer, so that changes can follow.
    version: fc.integer({ min: 1, max: 2_147_480_000 })
  },
  { noNullPrototype: true }
)

const optional = fc.subarray(["legacyId", "registrationSource", "lastLoginAt"] as const)

/** Customers of every status, with everything and with next to nothing. */
export const customer: fc.Arbitrary<Customer> = fc.tuple(complete, optional).map(([whole, left]) => {
  const customer: Customer = Struct.omit(whole, left)
  return customer.status === "inactive" ? { ...customer, deactivatedAt: customer.updatedAt } : customer
})
