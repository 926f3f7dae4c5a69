import { BigDecimal, DateTime, Result } from "effect"
import { add, type NewAddress } from "../../src/customer/AddressBook.ts"
import type { Customer } from "../../src/customer/Customer.ts"
import { AddressId } from "../../src/customer/CustomerId.ts"
import type { Facts } from "../../src/segment/rule/Facts.ts"
import { parseRule } from "../../src/segment/rule/ruleText.ts"
import type { Rule } from "../../src/segment/rule/Rule.ts"
import { averageOf } from "../../src/segment/Tier.ts"
import { registration } from "../../src/testing/index.ts"
import { Email } from "../../src/value/Email.ts"

export const now = DateTime.makeUnsafe("2026-11-25T10:00:00.000Z")

export const daysAgo = (days: number): DateTime.Utc => DateTime.add(now, { days: -days })

export const ruleOf = (text: string): Rule => Result.getOrThrow(parseRule(text))

const addressId = (place: number): AddressId => AddressId.make(`01900000-0000-7000-8000-00000000000${place}`)

export const address = (country: string, city: string, more: Partial<NewAddress> = {}): NewAddress => ({
  street: "1 Main Street",
  city,
  country,
  ...more
})

interface Said {
  readonly customer?: Partial<Customer>
  readonly orders?: number
  readonly spent?: string
  readonly lastOrderAt?: DateTime.Utc | undefined
  readonly addresses?: ReadonlyArray<NewAddress>
  readonly addedAt?: DateTime.Utc
  readonly segments?: ReadonlyArray<string>
}

const spending = (customer: Customer, orderCount: number, spent: string): Customer => {
  const figures = { orderCount, totalSpent: BigDecimal.fromStringUnsafe(spent) }
  return { ...customer, segment: { ...customer.segment, ...figures, averageOrderValue: averageOf(figures) } }
}

/** Somebody who registered 100 days ago, is active and has not ordered, as far as nothing else is said of her. */
export const somebody = (said: Said = {}): Facts => {
  const { addedAt = daysAgo(50), addresses = [], customer, orders = 0, segments = [], spent = "0" } = said
  const registered = registration({ email: Email.make("jane@example.com") }).customer
  const book = addresses.reduce<Customer["addresses"]>(
    (before, input, place) => Result.getOrThrow(add(before, input, addressId(place), addedAt)),
    []
  )
  const whole: Customer = { ...registered, createdAt: daysAgo(100), status: "active", addresses: book, ...customer }
  return {
    customer: spending(whole, orders, spent),
    lastOrderAt: said.lastOrderAt ?? (orders === 0 ? undefined : daysAgo(12)),
    segments: new Set(segments)
  }
}
