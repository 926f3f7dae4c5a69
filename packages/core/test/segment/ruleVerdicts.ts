import { assert } from "@effect/vitest"
import { fc } from "@fast-check/vitest"
import { BigDecimal, DateTime } from "effect"
import type { Address } from "../../src/customer/AddressBook.ts"
import type { Customer } from "../../src/customer/Customer.ts"
import { AddressId, CustomerId } from "../../src/customer/CustomerId.ts"
import { CustomerPolicy } from "../../src/customer/CustomerPolicy.ts"
import { defaultPreferences } from "../../src/customer/Preferences.ts"
import { newcomer } from "../../src/customer/Standing.ts"
import type { Facts } from "../../src/segment/rule/Facts.ts"
import { matches } from "../../src/segment/rule/matches.ts"
import { turns } from "../../src/testing/rulePools.ts"
import { Email } from "../../src/value/Email.ts"
import { ruleOf } from "./ruleScene.ts"

/** The moment that a text of RFC 3339 names. */
export const at = (text: string): DateTime.Utc => DateTime.makeUnsafe(text)

/** Draws what is made for a moment, for each of several that are turns of the calendar. */
export const atTurns = <A>(draw: (now: DateTime.Utc) => fc.Arbitrary<A>): fc.Arbitrary<readonly [DateTime.Utc, A]> =>
  fc.oneof(...turns.map(at).map((now) => fc.tuple(fc.constant(now), draw(now))))

const registered = at("2026-01-01T00:00:00.000Z")

const jane: Customer = {
  id: CustomerId.make("01900000-0000-7000-8000-000000000001"),
  email: Email.make("Jane.Doe@example.com"),
  customerType: "individual",
  status: "active",
  emailVerified: true,
  phoneVerified: false,
  profile: {},
  segment: newcomer,
  preferences: defaultPreferences(CustomerPolicy.defaultValue()),
  addresses: [],
  registrationDate: registered,
  createdAt: registered,
  updatedAt: registered,
  version: 1
}

/** Jane, of whom next to nothing is known, and what else is to be known of her. */
export const facts = (known: Partial<Customer> = {}, others: Partial<Facts> = {}): Facts => ({
  customer: { ...jane, ...known },
  segments: new Set<string>(),
  ...others
})

/** Facts in which so much was spent. */
export const spender = (totalSpent: string): Facts =>
  facts({ segment: { ...newcomer, totalSpent: BigDecimal.fromStringUnsafe(totalSpent) } })

/** An address in a country, and what else stands in it. */
export const addressIn = (country: string, others: Partial<Address> = {}): Address => ({
  id: AddressId.make("01900000-0000-7000-8000-000000000002"),
  type: "shipping",
  isDefault: true,
  isVerified: false,
  street: "1 Main St",
  city: "Springfield",
  country,
  createdAt: registered,
  updatedAt: registered,
  ...others
})

const noon = at("2026-06-15T12:00:00.000Z")

/** Asserts that a rule, as text, holds for these facts. */
export const assertHolds = (text: string, known: Facts, now: DateTime.Utc = noon): void => {
  assert.isTrue(matches(ruleOf(text), known, now), text)
}

/** Asserts that a rule, as text, does not hold for these facts. */
export const assertFails = (text: string, known: Facts, now: DateTime.Utc = noon): void => {
  assert.isFalse(matches(ruleOf(text), known, now), text)
}
