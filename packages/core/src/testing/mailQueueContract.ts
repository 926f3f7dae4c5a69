import { assert, layer } from "@effect/vitest"
import { Array, Effect, type Layer, Result } from "effect"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { MailQueue, type QueuedMail } from "../identity/MailQueue.ts"
import type { MailRequest } from "../identity/MailRequest.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { bringing, freshCustomerId, freshWord, registration } from "./strangers.ts"

type Services = CustomerRepository | MailQueue

/**
 * The contract of {@link MailQueue}, beside the repository that messages are posted with. Each test empties the
 * queue first: nobody else may work on it meanwhile.
 */
export const mailQueueContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<Services | R, E>,
  time: PassingTime<Services | R> = testTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of MailQueue`, (it) => {
    posting(it, time)
    delivering(it, time)
    withdrawing(it, time)
    racing(it, time)
  })

const hour = 3600

const requests = (customerId: CustomerId): ReadonlyArray<MailRequest> => [
  { kind: "verify_email", recipient: `${freshWord()}@example.com` },
  { kind: "reset_password", recipient: `o'hara+${freshWord()}@xn--mnchen-3ya.de` },
  { kind: "verify_registration", recipient: `${freshWord()}@example.com`, customerId },
  { kind: "verify_registration", recipient: `${freshWord()}@example.com`, customerId, passwordHash: "$argon2id$hash" },
  { kind: "phone_code", recipient: "+49 (30) 1234.567/8", customerId },
  { kind: "email_changed", recipient: `${freshWord()}@example.com`, customerId }
]

/** A request as plain values; one without a hash has no such field. */
const shown = (request: MailRequest) => JSON.parse(JSON.stringify(request))

const claim = (most: number, delaySeconds = hour) =>
  Effect.flatMap(MailQueue, (queue) => queue.claim(most, delaySeconds))

const claimed = (most: number, delaySeconds = hour) =>
  Effect.map(claim(most, delaySeconds), (mails) => mails.map(({ request }) => shown(request)))

const post = (all: ReadonlyArray<MailRequest>) =>
  Effect.flatMap(MailQueue, (queue) => Effect.forEach(all, (request) => queue.post(request), { discard: true }))

const deliver = (mails: ReadonlyArray<QueuedMail>) =>
  Effect.flatMap(MailQueue, (queue) => Effect.forEach(mails, ({ id }) => queue.delivered(id), { discard: true }))

/** Delivers whatever earlier tests left in the queue. */
const emptied = <R>(time: PassingTime<R>) =>
  Effect.gen(function* () {
    yield* time.advance({ seconds: 2 * hour })
    for (let mails = yield* claim(100); mails.length > 0; mails = yield* claim(100)) yield* deliver(mails)
  })

const posting = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("a message that was posted is claimed once, oldest first", () =>
    Effect.gen(function* () {
      yield* emptied(time)
      const posted = requests(freshCustomerId())
      yield* post(posted)
      const mails = yield* claim(4)
      assert.deepStrictEqual(
        mails.map(({ attempts, request }) => ({ attempts, request: shown(request) })),
        posted.slice(0, 4).map((request) => ({ attempts: 1, request: shown(request) }))
      )
      assert.deepStrictEqual(yield* claimed(100), posted.slice(4).map(shown))
      assert.deepStrictEqual(yield* claimed(100), [])
    })
  )

  it.effect("a message that belongs to a change is posted with it, and not without it", () =>
    Effect.gen(function* () {
      yield* emptied(time)
      const repository = yield* CustomerRepository
      const created = registration()
      const { email, id } = created.customer
      const [welcome, mails] = [requests(id).slice(0, 2), requests(id)]
      yield* repository.insert({ ...created, mails: welcome })
      yield* repository.modify(id, bringing({ mails }))
      yield* repository.modify(id, bringing({ mails }))
      assert.deepStrictEqual(yield* claimed(100), [...welcome, ...mails, ...mails].map(shown))
      yield* Effect.flip(repository.insert({ ...registration({ email }), mails }))
      yield* Effect.flip(repository.modify(id, bringing({ mails, spends: freshWord() })))
      yield* Effect.flip(repository.modify(id, () => Result.fail("refused" as const)))
      assert.deepStrictEqual(yield* claimed(100), [])
      yield* repository.modify(id, bringing({ mails }))
      assert.deepStrictEqual(yield* claimed(100), mails.map(shown))
    })
  )
}

const delivering = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("a message that was not delivered is claimed again after its delay, and not before", () =>
    Effect.gen(function* () {
      yield* emptied(time)
      const posted = requests(freshCustomerId()).slice(0, 2)
      yield* post(posted)
      yield* claim(1, 600)
      yield* claim(1, 1200)
      yield* time.advance("590 seconds")
      assert.deepStrictEqual(yield* claim(100), [])
      yield* time.advance("20 seconds")
      const [again, ...rest] = yield* claim(100, 60)
      assert.deepStrictEqual([again?.attempts, rest.length], [2, 0])
      assert.deepStrictEqual(again?.request, posted[0])
      yield* time.advance("600 seconds")
      const both = yield* claim(100)
      assert.sameDeepMembers(
        both.map(({ attempts, request }) => [request.recipient, attempts]),
        posted.map(({ recipient }, index) => [recipient, 3 - index])
      )
    })
  )

  it.effect("a message that was delivered is gone", () =>
    Effect.gen(function* () {
      yield* emptied(time)
      const posted = requests(freshCustomerId()).slice(0, 3)
      yield* post(posted)
      const delivered = yield* claim(2, 60)
      yield* deliver(delivered)
      yield* deliver(delivered)
      yield* time.advance("61 seconds")
      assert.deepStrictEqual(yield* claimed(100), posted.slice(2).map(shown))
    })
  )
}

const withdrawing = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  const confirming = (customerId: CustomerId): MailRequest => ({
    kind: "confirm_email_change",
    recipient: `${freshWord()}@example.com`,
    customerId
  })

  /** A link to confirm another address that is posted with a change of a new customer, claimed by a courier. */
  const claimedLink = Effect.fnUntraced(function* () {
    const repository = yield* CustomerRepository
    const { id } = yield* repository.insert(registration())
    yield* repository.modify(id, bringing({ mails: [confirming(id)] }))
    const mails = yield* claim(100)
    assert.lengthOf(mails, 1)
    return { id, mail: mails.map((each) => each.id).join() }
  })

  it.effect(
    "a link to confirm another address waits no longer once a newer one is asked for or her tokens are ended",
    () =>
      Effect.gen(function* () {
        const repository = yield* CustomerRepository
        const queue = yield* MailQueue
        yield* emptied(time)
        const endings = [{ passwordHash: "$new" }, { passwordHash: null }, { endsSessions: true }]
        for (const ending of endings) {
          const [hers, other] = [yield* claimedLink(), yield* claimedLink()]
          const notice: MailRequest = {
            kind: "email_change_requested",
            recipient: "a@example.com",
            customerId: hers.id
          }
          yield* repository.modify(hers.id, bringing({ mails: [notice] }))
          assert.isTrue(yield* queue.isWaiting(hers.mail))
          yield* repository.modify(hers.id, bringing(ending))
          assert.deepStrictEqual(yield* Effect.forEach([hers.mail, other.mail], queue.isWaiting), [false, true])
          assert.deepStrictEqual(yield* claimed(100), [shown(notice)])
        }
        const { id, mail } = yield* claimedLink()
        const newer = confirming(id)
        yield* repository.modify(id, bringing({ mails: [newer] }))
        assert.isFalse(yield* queue.isWaiting(mail))
        const mails = yield* claim(100)
        assert.deepStrictEqual(
          mails.map(({ request }) => shown(request)),
          [shown(newer)]
        )
        yield* deliver(mails)
        assert.deepStrictEqual(yield* Effect.forEach(mails, (each) => queue.isWaiting(each.id)), [false])
      })
  )
}

const racing = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("two that claim at once get different messages", () =>
    Effect.gen(function* () {
      yield* emptied(time)
      const posted = Array.makeBy(40, () => requests(freshCustomerId()).slice(0, 1)).flat()
      yield* post(posted)
      const claims = yield* Effect.all(Array.replicate(claim(4), 10), { concurrency: "unbounded" })
      const left = yield* claim(100)
      const recipients = [...claims.flat(), ...left].map(({ request }) => request.recipient)
      assert.sameMembers(
        recipients,
        posted.map(({ recipient }) => recipient)
      )
      assert.isNotEmpty(claims.flat())
    })
  )
}
