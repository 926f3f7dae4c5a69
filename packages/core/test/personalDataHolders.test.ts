import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import * as CustomerCache from "../src/customer/CustomerCache.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import * as Mailer from "../src/identity/Mailer.ts"
import { SessionId } from "../src/identity/Session.ts"
import * as SessionStore from "../src/identity/SessionStore.ts"
import * as UpstreamAnswers from "../src/order/UpstreamAnswers.ts"
import * as MembershipCache from "../src/segment/MembershipCache.ts"
import { membershipPersonalData } from "../src/privacy/membershipPersonalData.ts"
import { cachedPersonalData } from "../src/privacy/cachedPersonalData.ts"
import { mailPersonalData } from "../src/privacy/mailPersonalData.ts"
import { sessionPersonalData } from "../src/privacy/sessionPersonalData.ts"
import { upstreamPersonalData } from "../src/privacy/upstreamPersonalData.ts"
import { freshCustomerId, freshLegacyId } from "../src/testing/strangers.ts"

const cachedOf = (version: number) => ({
  version,
  json: JSON.stringify({ email: "jane@example.com" }),
  addresses: JSON.stringify([{ city: "Springfield" }])
})

describe("the cache of memberships as a holder of personal data", () => {
  it.effect("lets go of a customer's, and no slow reader brings them back", () =>
    Effect.gen(function* () {
      const cache = yield* MembershipCache.MembershipCache
      const holder = yield* membershipPersonalData
      const [customer, other] = [{ id: freshCustomerId(), version: 4 }, freshCustomerId()]
      const kept = { version: 3, revision: 7, json: JSON.stringify([{ name: "vip-customers" }]) }
      yield* cache.put(customer.id, kept)
      yield* cache.put(other, kept)
      assert.deepStrictEqual(yield* holder.exportOf(customer.id), [[{ name: "vip-customers" }]])
      assert.deepStrictEqual(
        (yield* holder.erase(customer)).map(({ count }) => count),
        [1]
      )
      yield* cache.forget(customer.id)
      yield* cache.put(customer.id, kept)
      assert.deepStrictEqual(yield* holder.remainders(customer), [])
      assert.deepStrictEqual(yield* holder.exportOf(customer.id), [])
      assert.deepStrictEqual(yield* cache.get(other), Option.some(kept))
    }).pipe(Effect.provide(MembershipCache.layerMemory()))
  )
})

describe("the cache as a holder of personal data", () => {
  it.effect("lets go of a customer and of the way to her, and of nobody else", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache.CustomerCache
      const holder = yield* cachedPersonalData
      const [hers, others] = [freshLegacyId(), freshLegacyId()]
      const [customer, other] = [{ id: freshCustomerId(), version: 4, legacyId: hers }, freshCustomerId()]
      yield* cache.put(customer.id, cachedOf(3))
      yield* cache.put(other, cachedOf(3))
      yield* cache.putLegacyId(hers, customer.id)
      yield* cache.putLegacyId(others, other)
      assert.deepStrictEqual(yield* holder.exportOf(customer.id), [
        { document: { email: "jane@example.com" }, addresses: [{ city: "Springfield" }] }
      ])
      assert.deepStrictEqual(yield* holder.remainders(customer), [
        { store: "cache", place: "customers", count: 1 },
        { store: "cache", place: "legacyIds", count: 1 }
      ])
      const erased = yield* holder.erase(customer)
      assert.deepStrictEqual(
        erased.map(({ count, place }) => [place, count]),
        [
          ["customers", 1],
          ["legacyIds", 1]
        ]
      )
      assert.deepStrictEqual(yield* holder.remainders(customer), [])
      assert.deepStrictEqual(yield* holder.exportOf(customer.id), [])
      assert.deepStrictEqual(yield* holder.erase(customer), [])
      assert.deepStrictEqual(yield* cache.findByLegacyId(others), Option.some(other))
      assert.deepStrictEqual(yield* cache.get(other), Option.some(cachedOf(3)))
    }).pipe(Effect.provide(CustomerCache.layerMemory()))
  )

  it.effect("leaves a tombstone over which a slow reader brings nobody back", () =>
    Effect.gen(function* () {
      const cache = yield* CustomerCache.CustomerCache
      const holder = yield* cachedPersonalData
      const customer = { id: freshCustomerId(), version: 4 }
      yield* holder.erase(customer)
      yield* cache.put(customer.id, cachedOf(3))
      assert.deepStrictEqual(yield* cache.get(customer.id), Option.some({ version: 4, json: undefined }))
      assert.deepStrictEqual(yield* holder.remainders(customer), [])
    }).pipe(Effect.provide(CustomerCache.layerMemory()))
  )

  it.effect("says so when the cache does not answer", () =>
    Effect.gen(function* () {
      const holder = yield* cachedPersonalData
      const customer = { id: freshCustomerId(), version: 4, legacyId: freshLegacyId() }
      for (const call of [holder.erase(customer), holder.remainders(customer), holder.exportOf(customer.id)]) {
        assert.deepInclude(yield* Effect.flip(call), { _tag: "HolderUnavailable", holder: "cache" })
      }
    }).pipe(Effect.provide(silentCache))
  )
})

const noCache = Effect.fail(new CustomerCache.CacheUnavailable())

const silentCache = Layer.succeed(CustomerCache.CustomerCache, {
  get: () => noCache,
  getDocument: () => noCache,
  put: () => noCache,
  findByLegacyId: () => noCache,
  putLegacyId: () => noCache,
  forgetLegacyId: () => noCache,
  findVersions: () => noCache,
  clear: noCache
})

const openSession = Effect.fnUntraced(function* (customerId: CustomerId) {
  const store = yield* SessionStore.SessionStore
  const openedAt = DateTime.makeUnsafe("2031-05-06T12:00:00.000Z")
  const id = SessionId.make(freshCustomerId())
  const previous = { secret: "older digest", nonce: "nonce" }
  yield* store.open({
    id,
    customerId,
    epoch: 0,
    openedAt,
    refreshedAt: openedAt,
    secret: "newest digest",
    previous,
    userAgent: "Lynx"
  })
})

describe("the sessions as a holder of personal data", () => {
  it.effect("end with the customer, and nobody else's do", () =>
    Effect.gen(function* () {
      const holder = yield* sessionPersonalData
      const [customer, other] = [{ id: freshCustomerId(), version: 4 }, freshCustomerId()]
      yield* openSession(customer.id)
      yield* openSession(customer.id)
      yield* openSession(other)
      assert.deepStrictEqual(yield* holder.remainders(customer), [{ store: "sessions", place: "sessions", count: 2 }])
      assert.deepStrictEqual(yield* holder.erase(customer), [
        { store: "sessions", place: "sessions", fields: ["session"], count: 2 }
      ])
      assert.deepStrictEqual(yield* holder.remainders(customer), [])
      assert.deepStrictEqual(yield* holder.erase(customer), [])
      assert.lengthOf(yield* holder.exportOf(other), 1)
    }).pipe(Effect.provide(SessionStore.layerMemory()))
  )

  it.effect("are exported without their secrets", () =>
    Effect.gen(function* () {
      const holder = yield* sessionPersonalData
      const id = freshCustomerId()
      yield* openSession(id)
      const text = JSON.stringify(yield* holder.exportOf(id))
      assert.include(text, "Lynx")
      assert.include(text, "2031-05-06T12:00:00.000Z")
      for (const secret of ["newest digest", "older digest", "nonce"]) assert.notInclude(text, secret)
    }).pipe(Effect.provide(SessionStore.layerMemory()))
  )

  it.effect("say so when their store does not answer", () =>
    Effect.gen(function* () {
      const holder = yield* sessionPersonalData
      const customer = { id: freshCustomerId(), version: 4 }
      for (const call of [holder.erase(customer), holder.remainders(customer), holder.exportOf(customer.id)]) {
        assert.deepInclude(yield* Effect.flip(call), { _tag: "HolderUnavailable", holder: "sessions" })
      }
    }).pipe(Effect.provide(silentSessions))
  )
})

const noSessions = Effect.fail(new SessionStore.SessionsUnavailable())

const silentSessions = Layer.succeed(SessionStore.SessionStore, {
  open: () => noSessions,
  find: () => noSessions,
  modify: () => noSessions,
  end: () => noSessions,
  endAll: () => noSessions,
  list: () => noSessions
})

describe("the mailer as a holder of personal data", () => {
  it.effect("forgets the messages to the customer, and nobody else's", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer.Mailer
      const holder = yield* mailPersonalData
      const [customer, other] = [{ id: freshCustomerId(), version: 4 }, freshCustomerId()]
      for (const customerId of [customer.id, other]) {
        yield* mailer.sendMail({ customerId, to: "jane@example.com", subject: "Hello", text: "Hello\n" })
      }
      assert.deepStrictEqual(yield* holder.remainders(customer), [{ store: "mails", place: "messages", count: 1 }])
      assert.deepStrictEqual(yield* holder.erase(customer), [
        { store: "mails", place: "messages", fields: ["message"], count: 1 }
      ])
      assert.deepStrictEqual(yield* holder.remainders(customer), [])
      assert.deepStrictEqual(yield* holder.erase(customer), [])
      assert.lengthOf(yield* holder.exportOf(other), 1)
    }).pipe(Effect.provide(Mailer.layerMemory))
  )

  it.effect("exports messages without the tokens and codes that only their recipient may have", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer.Mailer
      const holder = yield* mailPersonalData
      const customerId = freshCustomerId()
      const token = "Zm9v-YmFy_".repeat(4)
      const text = `Confirm here:\n\nhttps://shop.example/verify-email#token=${token}\n\nThanks from shop e805101\n`
      yield* mailer.sendMail({ customerId, to: "jane@example.com", subject: "Confirm", text })
      yield* mailer.sendText({ customerId, to: "+1-555-0123", text: "042917 is your code" })
      const exported = (yield* holder.exportOf(customerId)).join()
      for (const part of ["jane@example.com", "Confirm here", "verify-email", "is your code", "shop e805101"]) {
        assert.include(exported, part)
      }
      for (const secret of [token, "Zm9v", "042917"]) assert.notInclude(exported, secret)
    }).pipe(Effect.provide(Mailer.layerMemory))
  )
})

const noAnswers = Effect.fail(new UpstreamAnswers.AnswersUnavailable())

const silentAnswers = Layer.succeed(UpstreamAnswers.UpstreamAnswers, {
  get: () => noAnswers,
  put: () => noAnswers,
  forget: () => noAnswers
})

describe("the answers of other services as a holder of personal data", () => {
  it.effect("are shown as they came, and forgotten with the customer, nobody else's", () =>
    Effect.gen(function* () {
      const answers = yield* UpstreamAnswers.UpstreamAnswers
      const holder = yield* upstreamPersonalData
      const [customer, other] = [{ id: freshCustomerId(), version: 4 }, freshCustomerId()]
      const asOf = DateTime.makeUnsafe("2031-05-06T12:00:00.000Z")
      yield* answers.put("orders", customer.id, { json: '{"orderCount":23}', asOf })
      yield* answers.put("loyalty", customer.id, { json: '{"points":2500}', asOf })
      yield* answers.put("loyalty", other, { json: '{"points":1}', asOf })
      // As an export is written.
      assert.deepStrictEqual(JSON.parse(JSON.stringify(yield* holder.exportOf(customer.id))), [
        { service: "orders", asOf: "2031-05-06T12:00:00.000Z", answer: { orderCount: 23 } },
        { service: "loyalty", asOf: "2031-05-06T12:00:00.000Z", answer: { points: 2500 } }
      ])
      const held = { store: "upstream answers", place: "answers", count: 2 }
      assert.deepStrictEqual(yield* holder.remainders(customer), [held])
      assert.deepStrictEqual(yield* holder.erase(customer), [{ ...held, fields: ["answer"] }])
      assert.deepStrictEqual(yield* holder.remainders(customer), [])
      assert.deepStrictEqual(yield* holder.erase(customer), [])
      assert.lengthOf(yield* holder.exportOf(other), 1)
    }).pipe(Effect.provide(UpstreamAnswers.layerMemory()))
  )

  it.effect("say so when their store does not answer", () =>
    Effect.gen(function* () {
      const holder = yield* upstreamPersonalData
      const customer = { id: freshCustomerId(), version: 4 }
      for (const call of [holder.erase(customer), holder.remainders(customer), holder.exportOf(customer.id)]) {
        assert.deepInclude(yield* Effect.flip(call), { _tag: "HolderUnavailable", holder: "upstream answers" })
      }
    }).pipe(Effect.provide(silentAnswers))
  )
})
