import { assert } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import type { Customer } from "../customer/Customer.ts"
import type { CustomerQuery } from "../customer/CustomerQuery.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { Email } from "../value/Email.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import type { StoredFacts } from "./StoredFacts.ts"
import { freshWord, plain, registration, written } from "./strangers.ts"

const midnight = DateTime.makeUnsafe("2031-05-06T00:00:00.000Z")
const minute = (minutes: number) => DateTime.add(midnight, { minutes })

/** Keeps a customer whose mail address begins with `word`, except for what `fields` say. */
const keep = Effect.fnUntraced(function* (word: string, fields: Partial<Customer>) {
  const repository = yield* CustomerRepository
  const { customer } = registration({ email: Email.make(`${word}.${freshWord()}@example.com`) })
  const createdAt = fields.createdAt ?? customer.createdAt
  return yield* repository.insert(written({ ...customer, registrationDate: createdAt, ...fields }))
})

const allPages = Effect.fnUntraced(function* (query: CustomerQuery) {
  const repository = yield* CustomerRepository
  const pages: Array<ReadonlyArray<Customer>> = []
  let after: CustomerQuery["after"]
  do {
    const page = yield* repository.list({ ...query, after })
    pages.push(page.customers)
    after = page.next
  } while (after !== undefined)
  return pages
})

const idsOf = (customers: ReadonlyArray<Customer>) => customers.map((customer) => customer.id)

/** Asserts which of `people` a query finds, by their names. */
const assertFinds = Effect.fnUntraced(function* (
  people: Readonly<Record<string, Customer>>,
  query: Omit<CustomerQuery, "limit">,
  expected: ReadonlyArray<string>
) {
  const repository = yield* CustomerRepository
  const found = new Set(idsOf((yield* repository.list({ limit: 50, ...query })).customers))
  const names = Object.entries(people).flatMap(([name, { id }]) => (found.has(id) ? name : []))
  assert.deepStrictEqual(names, expected)
  assert.strictEqual(found.size, expected.length)
})

/** Lists of customers, each test's own found by a prefix that nobody else has. */
export const listing = (it: ContractSuite<CustomerRepository | StoredFacts>): void => {
  it.effect("list pages through all customers newest first without gap or repeat", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const q = freshWord()
      const minutes = [3, 1, 2, 2, 2, 2, 0, 5]
      const people = yield* Effect.forEach(minutes, (at) => keep(q, { createdAt: minute(at) }))
      const whole = (yield* repository.list({ limit: 50, q })).customers
      const [first, ...others] = yield* allPages({ limit: 3, q })
      assert.deepStrictEqual(idsOf([...(first ?? []), ...others.flat()]), idsOf(whole))
      assert.deepStrictEqual(new Set(idsOf(whole)), new Set(idsOf(people)))
      const times = whole.map((customer) => customer.createdAt.epochMilliseconds)
      assert.deepStrictEqual(
        times,
        times.toSorted((one, other) => other - one)
      )
      assert.deepStrictEqual(
        (yield* allPages({ limit: 4, q })).map((page) => page.length),
        [4, 4]
      )
      const one = whole.at(-1)
      if (one !== undefined) assert.deepStrictEqual(plain(one), plain(yield* repository.get(one.id)))
    })
  )

  it.effect("list goes on where it stopped though customers were added meanwhile", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const q = freshWord()
      const old = yield* Effect.forEach([1, 2, 3, 4], (at) => keep(q, { createdAt: minute(at) }))
      const { customers, next } = yield* repository.list({ limit: 2, q })
      yield* keep(q, { createdAt: minute(9) })
      const rest = yield* repository.list({ limit: 2, q, after: next })
      assert.deepStrictEqual(idsOf([...rest.customers, ...customers]).toSorted(), idsOf(old).toSorted())
      assert.isUndefined(rest.next)
    })
  )

  it.effect("list keeps to its filters", () =>
    Effect.gen(function* () {
      const q = freshWord()
      const people = {
        byEmail: yield* keep(q, { status: "active", createdAt: minute(1), updatedAt: minute(11) }),
        byFirstName: yield* keep("other", {
          profile: { firstName: `${q.toUpperCase()} Ann` },
          customerType: "business",
          createdAt: minute(2),
          updatedAt: minute(12)
        }),
        byLastName: yield* keep("other", {
          profile: { firstName: "Ann", lastName: q },
          status: "suspended",
          createdAt: minute(3),
          updatedAt: minute(13)
        }),
        inside: yield* keep(`not${q}`, { profile: { firstName: `x${q}` } })
      }
      const finds = (query: Omit<CustomerQuery, "limit">, expected: ReadonlyArray<keyof typeof people>) =>
        assertFinds(people, query, expected)
      yield* finds({ q }, ["byEmail", "byFirstName", "byLastName"])
      yield* finds({ q: q.toUpperCase() }, ["byEmail", "byFirstName", "byLastName"])
      yield* finds({ q, status: "suspended" }, ["byLastName"])
      yield* finds({ q, status: "pending", type: "business" }, ["byFirstName"])
      yield* finds({ q, type: "individual" }, ["byEmail", "byLastName"])
      yield* finds({ q, tier: "regular", segment: "new_customer" }, ["byEmail", "byFirstName", "byLastName"])
      yield* finds({ q, tier: "vip" }, [])
      yield* finds({ q, segment: "wholesale" }, [])
      yield* finds({ q, createdAfter: minute(1) }, ["byFirstName", "byLastName"])
      yield* finds({ q, createdBefore: minute(3) }, ["byEmail", "byFirstName"])
      yield* finds({ q, createdAfter: minute(1), createdBefore: minute(3) }, ["byFirstName"])
      yield* finds({ q, updatedAfter: minute(12) }, ["byLastName"])
      yield* finds({ email: people.byEmail.email.toUpperCase() }, ["byEmail"])
      yield* finds({ email: q }, [])
    })
  )

  it.effect("list takes every character of a prefix as it stands", () =>
    Effect.gen(function* () {
      const word = freshWord()
      const named = (text: string) => keep("other", { profile: { lastName: `${word}${text}` } })
      const people = {
        percent: yield* named("%x"),
        underscore: yield* named("_x"),
        backslash: yield* named("\\x"),
        quote: yield* named("'x"),
        letter: yield* named("yx")
      }
      yield* assertFinds(people, { q: `${word}%` }, ["percent"])
      yield* assertFinds(people, { q: `${word}_` }, ["underscore"])
      yield* assertFinds(people, { q: `${word}\\` }, ["backslash"])
      yield* assertFinds(people, { q: `${word}'` }, ["quote"])
      yield* assertFinds(people, { q: `${word}y` }, ["letter"])
    })
  )
}
