import { assert, describe, it } from "@effect/vitest"
import {
  type Customer,
  type CustomerChanges,
  CustomerDecisions,
  CustomerDocument,
  CustomerDocuments,
  CustomerPolicy,
  CustomerQuery
} from "@customer-service/core"
import { DateTime, Result, Schema } from "effect"
import { changesToJohn, jane, john, johnChanged, johnGone, newJane } from "../src/document/customerExamples.ts"
import {
  AddressAnswer,
  AddressesAnswer,
  type Calls,
  CreateAddress,
  CreateCustomer,
  CustomerAnswer,
  CustomersAnswer,
  failure,
  type FailureCode,
  UpdateAddress,
  UpdateCustomer
} from "../src/index.ts"
import { answers, at, entries, follow, operations } from "./support/document.ts"

const strict = { errors: "all", onExcessProperty: "error" } as const

type Codec = Schema.Codec<unknown, unknown>

const requests: { readonly [Name in keyof Calls]?: Codec } = {
  createCustomer: CreateCustomer,
  updateCustomer: UpdateCustomer,
  addAddress: CreateAddress,
  updateAddress: UpdateAddress
}

const successes: { readonly [Name in keyof Calls]: Codec } = {
  createCustomer: CustomerAnswer,
  listCustomers: CustomersAnswer,
  getCustomer: CustomerAnswer,
  updateCustomer: CustomerAnswer,
  deactivateCustomer: CustomerAnswer,
  listAddresses: AddressesAnswer,
  addAddress: AddressAnswer,
  getAddress: AddressAnswer,
  updateAddress: AddressAnswer,
  removeAddress: AddressesAnswer
}

/** Holds that an example is read without complaint, and written again as it was. */
const assertReadable = (codec: Codec, example: unknown): void => {
  const value = Schema.decodeUnknownSync(codec, strict)(example)
  assert.deepEqual(Schema.encodeUnknownSync(codec, strict)(value), example)
}

const operationOf = (id: string) => operations.find(([each]) => each === id)?.[1]

describe("the example of a request", () => {
  it.each(Object.entries(requests))("is one that %s takes", (id, codec) => {
    assertReadable(codec, at(operationOf(id), "requestBody", "content", "application/json", "example"))
  })
})

describe("the example of an answer", () => {
  it.each(Object.entries(successes))("is one that %s gives", (id, codec) => {
    const answer = answers.find((each) => each.id === id && each.status.startsWith("2"))
    assertReadable(codec, at(answer?.media, "example"))
  })

  it.each(
    answers.flatMap(({ id, media, status }) =>
      entries(at(media, "examples")).map(([code, example]) => ({
        id,
        status,
        code,
        value: at(follow(example), "value")
      }))
    )
  )("is one that $id gives with $status and $code", ({ code, value }) => {
    assertReadable(failure(code as FailureCode), value)
  })
})

const circumstances = {
  actor: { kind: "service", subject: "checkout", scopes: new Set<string>() },
  now: DateTime.makeUnsafe("2024-10-30T10:00:00Z")
} as const

const read = (example: typeof CustomerDocument.Encoded): Customer => ({
  ...Schema.decodeSync(CustomerDocument)(example),
  addresses: []
})

const shown = <E>(change: Result.Result<{ readonly customer: Customer }, E>) =>
  CustomerDocuments.documentOf(Result.getOrThrow(change).customer)

describe("the customers of the examples", () => {
  it("are created as the service creates them", () => {
    const { password: _, ...input } = Schema.decodeSync(CreateCustomer)(newJane)
    const { id } = read(jane)
    assert.deepEqual(shown(CustomerDecisions.register(input, id, CustomerPolicy.defaultValue(), circumstances)), jane)
  })

  it("change as the service changes them", () => {
    const changes: CustomerChanges = Schema.decodeSync(UpdateCustomer)(changesToJohn)
    assert.deepEqual(shown(CustomerDecisions.update(read(john), changes, circumstances)), johnChanged)
  })

  it("are closed as the service closes them", () => {
    assert.deepEqual(shown(CustomerDecisions.deactivate(read(john), circumstances)), johnGone)
  })

  it("are listed with a cursor of the service", () => {
    const page = answers.find(({ id, status }) => id === "listCustomers" && status === "200")
    const cursor = CustomerQuery.parseCursor(String(at(page?.media, "example", "data", "page", "nextCursor")))
    assert.strictEqual(cursor?.id, john.id)
  })
})
