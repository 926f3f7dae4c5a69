import {
  type Change,
  type Customer,
  CustomerRepository,
  type CustomerId,
  MailQueue,
  PersonalDataStore
} from "@customer-service/core"
import { bringing, written } from "@customer-service/core/testing"
import { assert, layer } from "@effect/vitest"
import { Array, Effect, Exit, Fiber, Result } from "effect"
import { SqlClient } from "effect/sql"
import { AnotherProcess, besideAnother, killWaiting, locking, untilWaiting } from "./support/anotherProcess.ts"
import { audit, beginErasure, keep, known, post, sendToken } from "./support/people.ts"
import { dump } from "./support/tables.ts"

const atOnce = { concurrency: "unbounded" } as const

const someone = known("+49 30 901820555")

const lockEvents = (id: CustomerId) =>
  locking((sql) => sql`SELECT id FROM outbox_events WHERE customer_id = ${id} FOR UPDATE`)

const verified = (customer: Customer): Customer => ({
  ...customer,
  emailVerified: true,
  version: customer.version + 1
})

/** What a reset of a password brings. */
const reset =
  (spends: string) =>
  (current: Customer): Result.Result<Change> =>
    Result.succeed({
      ...written(verified(current)),
      audits: [audit("she lost it")],
      mails: [{ kind: "password_changed", recipient: current.email, customerId: current.id }],
      passwordHash: "$new",
      spends
    })

layer(besideAnother, { excludeTestServices: true })("changes of two processes", (it) => {
  it.effect("of 50 that spend one token exactly one happens, whether the customer changes with it or not", () =>
    Effect.gen(function* () {
      const here = yield* CustomerRepository.CustomerRepository
      const { customers: there } = yield* AnotherProcess
      for (const decide of [reset, (spends: string) => bringing({ spends, passwordHash: "$new" })]) {
        const { email, id } = yield* someone
        const digest = yield* sendToken(id, email)
        const attempts = Array.makeBy(50, (index) => (index % 2 === 0 ? here : there).modify(id, decide(digest)))
        const outcomes = yield* Effect.forEach(attempts, Effect.result, atOnce)
        const refusals = outcomes.flatMap((outcome) => (Result.isFailure(outcome) ? outcome.failure._tag : []))
        assert.deepStrictEqual(refusals, Array.replicate("TokenRefused", 49))
      }
    })
  )

  it.effect("a message, and an erasure, that another process is taking is left to it", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { queue } = yield* AnotherProcess
      const store = yield* PersonalDataStore
      const [one, other] = [yield* someone, yield* someone]
      for (const { email } of [one, other]) yield* post(email)
      for (const { id } of [one, other]) yield* beginErasure(id, "ada", 0)
      const { letGo } = yield* locking(
        (locker) => locker`
          SELECT 1 FROM mail_queue m, erasure_requests e
          WHERE m.recipient = ${one.email} AND e.customer_id = ${one.id} FOR UPDATE`
      )
      const recipients = (yield* queue.claim(10, 60)).map(({ request }) => request.recipient)
      assert.include(recipients, other.email)
      assert.notInclude(recipients, one.email)
      const claimed = yield* store.claimDue({ most: 10, leaseSeconds: 60 })
      assert.deepStrictEqual(claimed, [other.id])
      yield* letGo
      assert.deepStrictEqual(yield* store.claimDue({ most: 10, leaseSeconds: 60 }), [one.id])
      yield* sql`DELETE FROM erasure_requests`
    })
  )
})

layer(besideAnother, { excludeTestServices: true })("whoever comes while a customer is erased", (it) => {
  it.effect("waits, and then writes nothing about her", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { customers, store } = yield* AnotherProcess
      const queue = yield* MailQueue.MailQueue
      const { email, id } = yield* someone
      yield* beginErasure(id)
      const { letGo } = yield* lockEvents(id)
      const erasing = yield* Effect.forkChild(store.erase(id))
      yield* untilWaiting(1)
      const once = { key: "late", fingerprint: "", answer: () => email }
      const changes = [
        keep(id, { audits: [audit("late")], endsSessions: true }),
        customers.modify(id, (current) => Result.succeed(written(current)), once),
        customers.modify(id, (current) => Result.succeed(written(verified(current))))
      ]
      const changing = yield* Effect.forkChild(Effect.forEach(changes, Effect.flip, atOnce))
      const sending = yield* Effect.forkChild(sendToken(id, email))
      // The third change waits for the second, which is of the same process.
      yield* untilWaiting(4)
      const mail = { kind: "password_changed", recipient: email, customerId: id } as const
      const posting = yield* Effect.forkChild(queue.post(mail))
      yield* untilWaiting(5)
      yield* letGo
      yield* Fiber.join(erasing)
      yield* Fiber.join(sending)
      yield* Fiber.join(posting)
      const errors = yield* Fiber.join(changing)
      for (const error of errors) assert.strictEqual(error._tag, "CustomerNotFound")
      assert.deepStrictEqual(yield* store.remainders(id), [])
      const audits = yield* sql`SELECT reason FROM customer_audits WHERE customer_id = ${id}`
      assert.deepStrictEqual(audits, [])
    })
  )
})

layer(besideAnother, { excludeTestServices: true })("a process that dies", (it) => {
  it.effect("in the middle of an erasure leaves all as it was, and the next one erases her", () =>
    Effect.gen(function* () {
      const store = yield* PersonalDataStore
      const sql = yield* SqlClient.SqlClient
      const { id, word } = yield* someone
      yield* beginErasure(id, "ada", 0)
      const before = yield* dump
      const { letGo } = yield* lockEvents(id)
      const erasing = yield* Effect.forkChild(Effect.exit(store.erase(id)))
      yield* killWaiting
      assert.isTrue(Exit.isFailure(yield* Fiber.join(erasing)))
      yield* letGo
      assert.deepStrictEqual(yield* dump, before)

      assert.deepStrictEqual(yield* store.claimDue({ most: 1, leaseSeconds: 60 }), [id])
      yield* store.erase(id)
      assert.deepStrictEqual(yield* store.remainders(id), [])
      assert.notInclude(JSON.stringify(yield* dump), word)
      const events = yield* sql`
        SELECT id FROM outbox_events WHERE customer_id = ${id} AND envelope->>'eventType' = 'CustomerErased'`
      assert.lengthOf(events, 1)
    })
  )

  it.effect("in the middle of a reset leaves all as it was, and the token still works", () =>
    Effect.gen(function* () {
      const customers = yield* CustomerRepository.CustomerRepository
      const { email, id } = yield* someone
      const digest = yield* sendToken(id, email)
      const before = yield* dump
      const { letGo } = yield* locking(
        (sql) => sql`SELECT digest FROM verification_tokens WHERE digest = ${digest} FOR UPDATE`
      )
      const resetting = yield* Effect.forkChild(Effect.exit(customers.modify(id, reset(digest))))
      yield* killWaiting
      assert.isTrue(Exit.isFailure(yield* Fiber.join(resetting)))
      yield* letGo
      assert.deepStrictEqual(yield* dump, before)
      assert.isTrue((yield* customers.modify(id, reset(digest))).emailVerified)
    })
  )
})
