import { assert, describe, it } from "@effect/vitest"
import {
  AccountDecisions,
  AddressId,
  type Change,
  CustomerDecisions,
  CustomerErased,
  CustomerId,
  CustomerPolicy,
  envelop,
  envelopDeadLetter,
  type OutboxEvent,
  StandingDecisions,
  StandingPolicy
} from "@customer-service/core"
import { Arbitraries, forAll } from "@customer-service/core/testing"
import { DateTime, Effect, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import * as fc from "fast-check"
import { examples } from "../scripts/events/publishedExamples.ts"
import { at, entries } from "./support/document.ts"
import { errorsOf, published, schemaOf, strictErrorsOf } from "./support/eventSchemas.ts"

const json = (value: unknown) => JSON.parse(JSON.stringify(value))

const seed = {
  eventId: "evt_customer_123",
  eventType: "CustomerCreated",
  version: "1.0",
  timestamp: "2024-10-30T10:00:00Z",
  source: "customer-service",
  data: {
    customerId: "0185b4df-2100-7a3e-9c41-5b2f8d6e1a70",
    email: "john.doe@example.com",
    profile: { firstName: "John", lastName: "Doe" },
    segment: { tier: "regular", segment: "new_customer" },
    registrationDate: "2024-10-30T10:00:00Z"
  },
  metadata: { correlationId: "corr_registration_123" }
}

/** A document with every value but the nested ones struck out. */
const outline = (document: unknown) =>
  JSON.stringify(document, (_, value: unknown) => (typeof value === "object" ? value : null))

describe("the example of the specification", () => {
  it("is in order by the schema", () => {
    assert.deepStrictEqual(strictErrorsOf("CustomerCreated", seed), [])
  })

  it("is ours, byte for byte but for the values", () => {
    assert.strictEqual(outline(examples.CustomerCreated), outline(seed))
  })
})

describe.each(Object.entries(examples))("the schema of %s", (name, example) => {
  const schema = json(schemaOf(name))

  it("holds for its example, which it shows", () => {
    assert.deepStrictEqual(strictErrorsOf(name, example), [])
    assert.deepEqual<unknown>(at(schema, "examples"), [json(example)])
  })

  it("is complete in one file", () => {
    assert.notInclude(JSON.stringify(schema), "$ref")
  })

  it.each(Object.keys(example))("requires %s", (field) => {
    const { [field]: _, ...rest } = json(example)
    assert.deepStrictEqual(errorsOf(name, rest), [` must have required property '${field}'`])
  })

  it("lets a message gain fields", () => {
    const richer = { ...example, data: { ...example.data, mood: "fine" }, trace: {} }
    assert.deepStrictEqual(errorsOf(name, richer), [])
    assert.isNotEmpty(strictErrorsOf(name, richer))
  })

  it("makes no rule for values that were given by rules of another day", () => {
    assert.notMatch(JSON.stringify(at(schema, "properties")), /"(pattern|maxLength|minLength|maxProperties)"/)
  })

  it("says what its fields are", () => {
    const described = entries(at(schema, "properties")).filter(([, field]) => at(field, "description") !== undefined)
    assert.includeMembers(
      described.map(([field]) => field),
      ["eventId", "timestamp", "source"]
    )
  })
})

const circumstances = {
  actor: { kind: "staff", subject: "support-7", scopes: new Set<string>() },
  now: DateTime.makeUnsafe("2030-10-30T10:00:00Z")
} as const
const policy = CustomerPolicy.defaultValue()
const thresholds = StandingPolicy.defaultValue()
const record = { updatedAt: circumstances.now }

const life = fc.record({
  customer: Arbitraries.customer,
  newcomer: Arbitraries.newCustomer,
  changes: Arbitraries.customerChanges,
  address: Arbitraries.newAddress,
  id: fc.uuid({ version: 7 }),
  figures: Arbitraries.standing
})

type Life = typeof life extends fc.Arbitrary<infer Value> ? Value : never

/** What may happen to a customer; what is refused does not happen. */
const changesIn = ({ address, changes, customer, figures, id, newcomer }: Life): ReadonlyArray<Change> => {
  const outcomes: ReadonlyArray<Result.Result<Change, unknown>> = [
    CustomerDecisions.register(newcomer, CustomerId.make(id), policy, circumstances, thresholds),
    CustomerDecisions.update(customer, changes, circumstances),
    CustomerDecisions.deactivate(customer, circumstances, 30),
    CustomerDecisions.addAddress(customer, address, AddressId.make(id), 10, circumstances),
    AccountDecisions.suspend(customer, "a reason", circumstances),
    AccountDecisions.reactivate(customer, "a reason", policy, circumstances),
    StandingDecisions.override(customer, record, { tier: "vip", reason: "a friend" }, thresholds, circumstances),
    Result.succeed(StandingDecisions.restate(customer, record, figures, thresholds, circumstances.now))
  ]
  return outcomes.flatMap((change) => (Result.isSuccess(change) ? [change.success] : []))
}

const erased = ({ customer }: Life) =>
  envelop(customer, [
    new CustomerErased({ customerId: customer.id, version: customer.version, erasedAt: circumstances.now })
  ])

const deadLetter = envelopDeadLetter(
  { deadLetterId: "1", topic: "orders.order.completed", eventId: "2", reason: "undelivered", detail: "gave up" },
  circumstances.now
)

describe("the events of this service", () => {
  it.effect("are what their schemas say, with no field that these do not name", () => {
    const seen = new Set<string>()
    const check = ({ envelope }: OutboxEvent) => {
      seen.add(envelope.eventType)
      assert.deepStrictEqual(strictErrorsOf(envelope.eventType, json(envelope)), [])
    }
    return Effect.gen(function* () {
      yield* forAll(life, 200, (value) =>
        Effect.gen(function* () {
          for (const { customer, events } of changesIn(value)) {
            for (const event of yield* envelop(customer, events)) check(event)
          }
          for (const event of yield* erased(value)) check(event)
        })
      )
      check(yield* deadLetter)
      assert.sameMembers([...seen], published)
    }).pipe(Effect.provide(SecureRandom.layerWebCrypto))
  })
})
