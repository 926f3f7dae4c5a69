import { Array, BigDecimal, DateTime, Result } from "effect"
import * as fc from "fast-check"
import * as AddressBook from "../customer/AddressBook.ts"
import type { Customer } from "../customer/Customer.ts"
import { AddressId, CustomerId } from "../customer/CustomerId.ts"
import type { Preferences } from "../customer/Preferences.ts"
import type { Profile } from "../customer/Profile.ts"
import type { Standing } from "../customer/Standing.ts"
import type { Facts } from "../segment/rule/Facts.ts"
import type { Attributes } from "../value/Attributes.ts"
import { Email, uniqueForm } from "../value/Email.ts"
import * as Pools from "./rulePools.ts"
import { email, instant } from "./valueArbitraries.ts"

const line = fc.constantFrom(...Pools.lines)
const filledLine = fc.constantFrom(...Pools.filledLines)
const phone = fc.constantFrom(...Pools.phoneNumbers)
const gender = fc.constantFrom("male" as const, "female" as const, "other" as const, "prefer_not_to_say" as const)

const attributeValue = fc.oneof(
  { arbitrary: fc.constantFrom(...Pools.lines, ...Pools.paragraphs), weight: 2 },
  { arbitrary: fc.constantFrom(...Pools.numbers, 1e300), weight: 2 },
  { arbitrary: fc.boolean(), weight: 1 }
)

const attributes = (minKeys: number): fc.Arbitrary<Attributes> =>
  fc.dictionary(fc.constantFrom(...Pools.attributeKeys), attributeValue, { minKeys, maxKeys: 6, noNullPrototype: true })

const profile = (now: DateTime.Utc): fc.Arbitrary<Profile> =>
  fc.record(
    {
      firstName: line,
      lastName: line,
      dateOfBirth: fc.constantFrom(...Pools.daysAround(now), "9998-12-31", "9999-12-31"),
      gender,
      phone,
      avatar: fc.constantFrom(...Pools.avatars),
      data: attributes(1)
    },
    { requiredKeys: [], noNullPrototype: true }
  )

const preferences: fc.Arbitrary<Preferences> = fc.record(
  {
    language: fc.constantFrom(...Pools.languages),
    currency: fc.constantFrom(...Pools.currencies),
    timezone: fc.constantFrom(...Pools.timezones),
    marketing: fc.record(
      { emailOptIn: fc.boolean(), smsOptIn: fc.boolean(), pushOptIn: fc.boolean() },
      { noNullPrototype: true }
    ),
    notifications: fc.record(
      { orderUpdates: fc.boolean(), promotions: fc.boolean(), newsletters: fc.boolean() },
      { noNullPrototype: true }
    ),
    privacy: fc.record(
      { dataSharing: fc.boolean(), analyticsTracking: fc.boolean(), cookieConsent: fc.boolean() },
      { noNullPrototype: true }
    ),
    custom: attributes(0)
  },
  { noNullPrototype: true }
)

const amount = fc.oneof(
  { arbitrary: fc.constantFrom(...Pools.amounts).map(BigDecimal.fromStringUnsafe), weight: 4 },
  { arbitrary: fc.integer({ min: 0, max: 20_000_000 }).map((units) => BigDecimal.make(BigInt(units), 4)), weight: 1 }
)

const standing: fc.Arbitrary<Standing> = fc.record(
  {
    tier: fc.constantFrom("regular" as const, "premium" as const, "vip" as const),
    segment: fc.constantFrom("vip" as const, "new_customer" as const, "regular" as const),
    loyaltyPoints: fc.constantFrom(...Pools.counts, 2_147_483_648),
    totalSpent: amount,
    orderCount: fc.constantFrom(...Pools.counts),
    averageOrderValue: amount
  },
  { noNullPrototype: true }
)

const moment = (now: DateTime.Utc): fc.Arbitrary<DateTime.Utc> =>
  fc.oneof({ arbitrary: fc.constantFrom(...Pools.momentsAround(now)), weight: 4 }, { arbitrary: instant, weight: 1 })

interface Entry {
  readonly input: AddressBook.NewAddress
  readonly isVerified: boolean
  readonly addedAt: DateTime.Utc
}

const address: fc.Arbitrary<AddressBook.NewAddress> = fc
  .tuple(
    fc.record(
      {
        type: fc.constantFrom("shipping" as const, "billing" as const, "both" as const),
        isDefault: fc.boolean(),
        firstName: line,
        lastName: line,
        company: line,
        street: filledLine,
        street2: line,
        city: filledLine,
        state: line,
        phone
      },
      { requiredKeys: ["street", "city"], noNullPrototype: true }
    ),
    fc.constantFrom(...Pools.areas)
  )
  .map(([fields, area]) => ({ ...fields, ...area }))

const idOf = (number: number): string => `01900000-0000-7000-8000-${`${number}`.padStart(12, "0")}`

const bookOf = (entries: ReadonlyArray<Entry>): AddressBook.AddressBook => {
  const oldestFirst = entries.toSorted((one, other) => DateTime.Order(one.addedAt, other.addedAt))
  const book = oldestFirst.reduce<AddressBook.AddressBook>(
    (before, { input, addedAt }, place) =>
      Result.getOrThrow(AddressBook.add(before, input, AddressId.make(idOf(place)), addedAt)),
    []
  )
  return Array.zipWith(book, oldestFirst, (added, { isVerified }) => ({ ...added, isVerified }))
}

const addresses = (now: DateTime.Utc): fc.Arbitrary<AddressBook.AddressBook> =>
  fc.array(fc.record({ input: address, isVerified: fc.boolean(), addedAt: moment(now) }), { maxLength: 3 }).map(bookOf)

const customer = (now: DateTime.Utc): fc.Arbitrary<Customer> =>
  fc
    .record(
      {
        id: fc.constant(CustomerId.make(idOf(0))),
        email: fc.oneof(
          fc.constantFrom(...Pools.emails).map((pooled) => Email.make(pooled)),
          email
        ),
        customerType: fc.constantFrom("individual" as const, "business" as const),
        status: fc.constantFrom("active" as const, "inactive" as const, "suspended" as const, "pending" as const),
        emailVerified: fc.boolean(),
        phoneVerified: fc.boolean(),
        profile: profile(now),
        segment: standing,
        preferences,
        addresses: addresses(now),
        registrationDate: instant,
        createdAt: moment(now),
        updatedAt: instant,
        version: fc.integer({ min: 1, max: 1000 })
      },
      { noNullPrototype: true }
    )
    .map((drawn) => (drawn.status === "inactive" ? { ...drawn, deactivatedAt: drawn.updatedAt } : drawn))

const belonged = fc.subarray(Pools.segmentNames.slice(0, -1)).map((names): ReadonlySet<string> => new Set(names))

/**
 * What rules may ask of somebody: often what those of `Arbitraries.rule` ask for, often missing, and with moments a
 * millisecond to either side of where a span of time ends at `now`.
 */
export const facts = (now: DateTime.Utc): fc.Arbitrary<Facts> =>
  fc.record(
    { customer: customer(now), lastOrderAt: moment(now), segments: belonged },
    { requiredKeys: ["customer", "segments"], noNullPrototype: true }
  )

const numbered = (known: Facts, number: number): Facts => {
  const { addresses: book, ...rest } = known.customer
  const renamed = book.map((held, place) => ({ ...held, id: AddressId.make(idOf(number * 10 + place)) }))
  return { ...known, customer: { ...rest, id: CustomerId.make(idOf(number)), addresses: renamed } }
}

/** {@link facts} of several, whom a store can hold beside each other: each with an email and ids of her own. */
export const severalFacts = (now: DateTime.Utc, count: number): fc.Arbitrary<ReadonlyArray<Facts>> =>
  fc
    .uniqueArray(facts(now), {
      minLength: count,
      maxLength: count,
      selector: (known) => uniqueForm(known.customer.email)
    })
    .map((several) => several.map((known, index) => numbered(known, index + 1)))
