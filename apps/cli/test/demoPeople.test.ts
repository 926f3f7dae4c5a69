import { AddressBook, Country, type CustomerPolicy, Email, NewCustomer, StandingPolicy } from "@customer-service/core"
import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { countries } from "../src/demo/countries/index.ts"
import { arrival, history } from "../src/demo/history.ts"
import { newAddress } from "../src/demo/newAddress.ts"
import { person } from "../src/demo/Person.ts"
import { registration } from "../src/demo/registration.ts"
import * as SeededRandom from "../src/demo/SeededRandom.ts"

const policy: CustomerPolicy = {
  defaultStatus: "pending",
  defaultType: "individual",
  emailVerificationRequired: true,
  phoneVerificationRequired: false,
  maxAddresses: 10,
  consentMode: "opt-out",
  passwordMinLength: 8,
  erasureGraceDays: 30,
  defaultLanguage: "en",
  defaultCurrency: "USD",
  defaultTimezone: "UTC"
}

const standings = StandingPolicy.defaultValue()
const rules = { policy, standings }

const many = Array.from({ length: 2000 }, (_, index) => index)
const lastOf = (seed: number, index: number, by = rules) => history(seed, index, by).at(-1)?.customer

describe("made-up people", () => {
  it("give what the API would take", () => {
    for (const index of many) {
      const random = SeededRandom.make(1, index)
      const somebody = person(random)
      const input = registration(somebody, 1, index, random)
      expect(Schema.decodeSync(NewCustomer)(input)).toEqual(input)
      const address = newAddress(somebody, random)
      expect(Schema.decodeSync(AddressBook.NewAddress)(address)).toEqual(address)
      expect(Country.isPostalCodeOf(address.country, address.zipCode ?? "")).toBe(true)
    }
  })

  it("are the same for a seed, however many are asked for, and others for another seed", () => {
    expect(history(3, 17, rules)).toEqual(history(3, 17, rules))
    expect(lastOf(3, 17)?.id).toBe(arrival(3, 17).id)
    expect(lastOf(4, 17)?.id).not.toBe(lastOf(3, 17)?.id)
  })

  it("share neither id nor mail address, within a seed and between seeds", () => {
    const everybody = [1, 2, 4_294_967_295].flatMap((seed) => many.map((index) => lastOf(seed, index)))
    expect(new Set(everybody.map((customer) => customer?.id)).size).toBe(everybody.length)
    expect(new Set(everybody.map((customer) => Email.uniqueForm(customer?.email ?? ""))).size).toBe(everybody.length)
  })

  it("come from every country, over five years, with none to three addresses", () => {
    const everybody = many.flatMap((index) => lastOf(1, index) ?? [])
    const books = everybody.map(({ addresses }) => addresses)
    expect(new Set(books.flat().map(({ country }) => country))).toEqual(new Set(countries.map(({ code }) => code)))
    expect(new Set(books.map(({ length }) => length))).toEqual(new Set([0, 1, 2, 3]))
    const years = everybody.map(({ createdAt }) => new Date(createdAt.epochMilliseconds).getUTCFullYear())
    expect(new Set(years)).toEqual(new Set([2021, 2022, 2023, 2024, 2025]))
  })

  it("are new no longer, unless they are businesses", () => {
    const labels = many.map((index) => lastOf(1, index)?.segment.segment)
    expect(new Set(labels)).toEqual(new Set(["regular", "wholesale"]))
    expect(many.flatMap((index) => history(1, index, rules).at(-1)?.standing?.reviewAt ?? [])).toEqual([])
  })

  it("keep to the shop's limit of addresses", () => {
    for (const index of many.slice(0, 100)) {
      expect(
        lastOf(1, index, { standings, policy: { ...policy, maxAddresses: 1 } })?.addresses.length
      ).toBeLessThanOrEqual(1)
    }
  })

  it("grow by one version with every change, in the order of time", () => {
    for (const index of many.slice(0, 200)) {
      const changes = history(5, index, rules)
      expect(changes.map(({ customer }) => customer.version)).toEqual(changes.map((_, place) => place + 1))
      const times = changes.map(({ customer }) => customer.updatedAt.epochMilliseconds)
      expect(times).toEqual(times.toSorted((one, other) => one - other))
    }
  })
})
