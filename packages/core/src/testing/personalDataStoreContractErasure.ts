import { assert } from "@effect/vitest"
import { Array, BigDecimal, Effect, Option, Struct } from "effect"
import * as Decisions from "../customer/CustomerDecisions.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import type { Standing } from "../customer/Standing.ts"
import { Inbox } from "../event/Inbox.ts"
import { MailQueue } from "../identity/MailQueue.ts"
import { PersonalDataStore } from "../privacy/PersonalDataStore.ts"
import type { ContractSuite } from "./ContractSuite.ts"
import { OrderMetrics } from "./OrderMetrics.ts"
import {
  beginErasure,
  everythingOf,
  type KnownPerson,
  knownPerson,
  type PersonalDataServices,
  unlistedPhone
} from "./personalDataStoreContractPeople.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { bringing, circumstances, freshAddressId, registration } from "./strangers.ts"

const erased = Effect.fnUntraced(function* (person: KnownPerson) {
  const store = yield* PersonalDataStore
  yield* beginErasure(person)
  return yield* store.erase(person.id)
})

/** The recipients of all messages that wait. */
const waitingFor = Effect.gen(function* () {
  const queue = yield* MailQueue
  const mails = yield* queue.claim(1000, 0)
  return mails.map(({ request }) => request.recipient)
})

/** What is looked for in all that is left: her words, and her phone where nobody else has it. */
const assertGone = (text: string, { digest, passwordHash, word }: KnownPerson) => {
  for (const canary of [word, word.toUpperCase(), digest, passwordHash]) assert.notInclude(text, canary)
}

/** What erasing somebody does, and what it leaves. */
export const erasing = (it: ContractSuite<PersonalDataServices>): void => {
  it.effect("after erase nothing of the customer remains, and everybody else is as before", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const inbox = yield* Inbox
      const phone = unlistedPhone()
      const [person, housemate, stranger] = [yield* knownPerson(phone), yield* knownPerson(phone), yield* knownPerson()]
      const before = [yield* everythingOf(housemate), yield* everythingOf(stranger)]
      assert.isNotEmpty(yield* store.remainders(person.id))
      const { parked } = yield* inbox.counts
      const { erased: places, identifiers } = yield* erased(person)
      assert.isNotEmpty(places)
      assert.isAtLeast(identifiers, 3)
      assertGone(JSON.stringify(places), person)
      assert.deepStrictEqual(yield* store.remainders(person.id), [])
      // One had named her by her id, and one by Magento's.
      assert.strictEqual((yield* inbox.counts).parked, parked - 2)
      const after = JSON.stringify(yield* everythingOf(person))
      assertGone(after, person)
      assert.notInclude(after, phone)
      assert.deepStrictEqual([yield* everythingOf(housemate), yield* everythingOf(stranger)], before)
      const waiting = yield* waitingFor
      for (const email of person.emails) assert.notInclude(waiting, email)
      assert.includeMembers(waiting, [housemate.emails[0], stranger.emails[0]])
    })
  )

  it.effect("erase writes one CustomerErased event, however often it is run", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const facts = yield* StoredFacts
      const person = yield* knownPerson()
      const { version } = yield* Effect.flatMap(CustomerRepository, (repository) => repository.get(person.id))
      const before = yield* facts.events(person.id)
      yield* beginErasure(person)
      const runs = yield* Effect.all(Array.replicate(store.erase(person.id), 5), { concurrency: "unbounded" })
      const answers = [...runs, yield* store.erase(person.id)].map((progress) => JSON.stringify(progress))
      assert.strictEqual(new Set(answers).size, 1)
      const events = yield* facts.events(person.id)
      assert.deepStrictEqual(
        events.map(({ envelope }) => envelope.eventType),
        [...before.map(({ envelope }) => envelope.eventType), "CustomerErased"]
      )
      const last = events.at(-1)
      assert.strictEqual(last?.topic, "customers.customer.erased")
      assert.strictEqual(last?.customerVersion, runs[0]?.version)
      assert.strictEqual(last?.customerVersion, version + 1)
      assert.deepInclude(last?.envelope.data, { customerId: person.id, version: version + 1 })
      assert.hasAllKeys(last?.envelope.data, ["customerId", "version", "erasedAt"])
    })
  )

  it.effect("erase keeps the order metrics", () =>
    Effect.gen(function* () {
      const metrics = yield* OrderMetrics
      const person = yield* knownPerson()
      yield* metrics.record(person.id, standing)
      yield* erased(person)
      assert.deepStrictEqual(Option.map(yield* metrics.kept(person.id), shown), Option.some(shown(standing)))
    })
  )

  it.effect("the address of an erased customer can be registered again", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const repository = yield* CustomerRepository
      const person = yield* knownPerson()
      const email = person.emails[1]
      const again = registration({ email })
      yield* repository.modify(person.id, (current) => Decisions.deactivate(current, circumstances(90), 30))
      assert.strictEqual((yield* Effect.flip(repository.insert(again)))._tag, "EmailTaken")
      yield* erased(person)
      yield* repository.insert({ ...again, mails: [{ kind: "verify_email", recipient: email }] })
      yield* store.erase(person.id)
      assert.strictEqual((yield* repository.get(again.customer.id)).email, email)
    })
  )

  it.effect("an erased customer is not found, and changes no more", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const person = yield* knownPerson()
      yield* erased(person)
      const all = yield* everythingOf(person)
      const none = JSON.parse(JSON.stringify(Option.none()))
      assert.deepStrictEqual(Struct.pick(all, ["account", "accounts", "byLegacyId", "customer", "many", "token"]), {
        account: none,
        accounts: [none, none],
        byLegacyId: none,
        customer: none,
        many: [],
        token: false
      })
      const address = { street: "1 Main St", city: "Springfield", country: "US" }
      for (const decide of [
        (current: Parameters<typeof Decisions.update>[0]) =>
          Decisions.addAddress(current, address, freshAddressId(), 10, circumstances(90)),
        bringing({ passwordHash: "$new", endsSessions: true })
      ]) {
        assert.strictEqual((yield* Effect.flip(repository.modify(person.id, decide)))._tag, "CustomerNotFound")
      }
      assert.deepStrictEqual(yield* everythingOf(person), all)
    })
  )
}

const standing: Standing = {
  tier: "premium",
  segment: "high_value",
  loyaltyPoints: 542,
  totalSpent: BigDecimal.make(542_050n, 2),
  orderCount: 12,
  averageOrderValue: BigDecimal.make(45_171n, 2)
}

const shown = ({ averageOrderValue, totalSpent, ...rest }: Standing) => ({
  ...rest,
  averageOrderValue: BigDecimal.format(averageOrderValue),
  totalSpent: BigDecimal.format(totalSpent)
})

/** What is said of somebody who asks. */
export const exporting = (it: ContractSuite<PersonalDataServices>): void => {
  it.effect("the export holds what was written of the customer", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const [person, other] = [yield* knownPerson(), yield* knownPerson()]
      const text = JSON.stringify(yield* store.exportOf(person.id))
      const { phone, word } = person
      const canaries = ["first", "last", "says", "company", "street", "floor", "city", "note", "reason", "answer"]
      const told = ["parked", "order", "told", "earned", "dead", "letter", "standing", "exception"]
      for (const canary of [
        ...[...canaries, ...told].map((suffix) => `${word} ${suffix}`),
        ...person.emails,
        phone,
        `${word}.png`
      ]) {
        assert.include(text, canary)
      }
      for (const secret of [person.passwordHash, person.digest, person.once.key]) assert.notInclude(text, secret)
      assertGone(text, other)
    })
  )
}
