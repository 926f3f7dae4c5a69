import { assert, describe, it } from "@effect/vitest"
import {
  AccountDecisions,
  type Customer,
  type CustomerChanges,
  CustomerDecisions,
  CustomerDocument,
  CustomerDocuments,
  CustomerPolicy,
  CustomerQuery,
  segmentDocument,
  Session,
  StandingDecisions,
  StandingPolicy,
  type StandingRecord
} from "@customer-service/core"
import { DateTime, Result, Schema } from "effect"
import { granted, mailed } from "../src/document/authExamples.ts"
import {
  changesToJohn,
  jane,
  john,
  johnChanged,
  johnGone,
  johnReactivated,
  johnSuspended,
  johnWithPhone,
  newJane
} from "../src/document/customerExamples.ts"
import { favour, johnFavoured, johnsSegment, johnsTierChanges } from "../src/document/segmentExamples.ts"
import {
  CreateCustomer,
  failure,
  type FailureCode,
  SegmentAnswer,
  TierChangesAnswer,
  UpdateCustomer,
  UpdateSegment
} from "../src/index.ts"
import { type Codec, requests, successes } from "./support/codecs.ts"
import { answers, at, entries, follow, operations } from "./support/document.ts"

const strict = { errors: "all", onExcessProperty: "error" } as const

/** Holds that an example is read without complaint, and written again as it was. */
const assertReadable = (codec: Codec, example: unknown): void => {
  const value = Schema.decodeUnknownSync(codec, strict)(example)
  assert.deepEqual(Schema.encodeUnknownSync(codec, strict)(value), example)
}

const operationOf = (id: string) => operations.find(([each]) => each === id)?.[1]

describe("the example of a request", () => {
  it("is there for every operation that takes a body", () => {
    const taking = operations.filter(([, operation]) => at(operation, "requestBody") !== undefined)
    assert.sameMembers(
      taking.map(([id]) => id),
      Object.keys(requests)
    )
  })

  it.each(Object.entries(requests))("is one that %s takes", (id, codec) => {
    assertReadable(codec, at(operationOf(id), "requestBody", "content", "application/json", "example"))
  })
})

const given = Object.entries(successes).flatMap(([id, codec]) =>
  answers
    .filter((answer) => answer.id === id && answer.status.startsWith("2"))
    .map(({ media, status }) => ({ id, status, codec, media }))
)

describe("the example of an answer", () => {
  it.each(given)("is one that $id gives with $status", ({ codec, media }) => {
    assertReadable(codec, at(media, "example"))
  })

  it("is there for each success of an operation", () => {
    const statuses = given.filter(({ id }) => id === "eraseCustomer").map(({ status }) => status)
    assert.deepStrictEqual(statuses, ["200", "202"])
    assert.sameMembers([...new Set(given.map(({ id }) => id))], Object.keys(successes))
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

const phoneToken = {
  digest: "0",
  purpose: "phone_verification",
  issuedAt: circumstances.now,
  expiresAt: circumstances.now
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
    const policy = CustomerPolicy.defaultValue()
    const registered = CustomerDecisions.register(input, id, policy, circumstances, StandingPolicy.defaultValue())
    assert.deepEqual(shown(registered), jane)
  })

  it("change as the service changes them", () => {
    const changes: CustomerChanges = Schema.decodeSync(UpdateCustomer)(changesToJohn)
    assert.deepEqual(shown(CustomerDecisions.update(read(john), changes, circumstances)), johnChanged)
  })

  it("are closed as the service closes them", () => {
    assert.deepEqual(shown(CustomerDecisions.deactivate(read(john), circumstances, 30)), johnGone)
  })

  it("are kept out and let in again as the service does it", () => {
    const suspended = AccountDecisions.suspend(read(john), "a reason", circumstances)
    assert.deepEqual(shown(suspended), johnSuspended)
    const { customer } = Result.getOrThrow(suspended)
    const policy = CustomerPolicy.defaultValue()
    assert.deepEqual(shown(AccountDecisions.reactivate(customer, "a reason", policy, circumstances)), johnReactivated)
  })

  it("have their phone verified as the service does it", () => {
    const token = { ...phoneToken, customerId: read(john).id, target: john.profile.phone ?? "" }
    const verified = AccountDecisions.verifyPhone(read(john), token, CustomerPolicy.defaultValue(), circumstances)
    assert.deepEqual(shown(verified), johnWithPhone)
  })

  it("are listed with a cursor of the service", () => {
    const page = answers.find(({ id, status }) => id === "listCustomers" && status === "200")
    const cursor = CustomerQuery.parseCursor(String(at(page?.media, "example", "data", "page", "nextCursor")))
    assert.strictEqual(cursor?.id, john.id)
  })
})

const standing: StandingRecord = {
  lastOrderAt: DateTime.makeUnsafe("2024-10-25T10:00:00Z"),
  premiumSince: DateTime.makeUnsafe("2023-06-15T10:00:00Z"),
  highValueSince: DateTime.makeUnsafe("2023-08-20T10:00:00Z"),
  updatedAt: DateTime.makeUnsafe("2024-10-29T10:00:00Z")
}

const thresholds = StandingPolicy.defaultValue()
const support = { ...circumstances, actor: { kind: "staff", subject: "support-7", scopes: new Set<string>() } } as const

const shownSegment = (customer: Customer, record: StandingRecord) => {
  const segment = segmentDocument(customer, record, thresholds, circumstances.now)
  return Schema.encodeSync(SegmentAnswer)({ segment }).data.segment
}

describe("the segments of the examples", () => {
  it("are shown as the service shows them", () => {
    assert.deepEqual(shownSegment(read(john), standing), johnsSegment)
  })

  it("are overridden as the service does it, and remembered", () => {
    const request = Schema.decodeSync(UpdateSegment)(favour)
    const change = Result.getOrThrow(StandingDecisions.override(read(john), standing, request, thresholds, support))
    assert.deepEqual(shownSegment(change.customer, change.standing ?? standing), johnFavoured)
    const { tierChange } = change
    const changes = tierChange === undefined ? [] : [tierChange]
    const remembered = Schema.encodeSync(TierChangesAnswer)({ changes }).data.changes
    assert.deepEqual(remembered, johnsTierChanges.slice(0, 1))
  })
})

describe("the secrets of the examples", () => {
  it("are shaped as the service makes them", () => {
    assert.match(mailed.token, /^[A-Za-z0-9_-]{43}$/)
    assert.strictEqual(Session.parseRefreshToken(granted.refreshToken)?.id, granted.sessionId)
  })
})
