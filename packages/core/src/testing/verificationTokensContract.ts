import { assert, layer } from "@effect/vitest"
import { Array, DateTime, Effect, type Layer, Option, Result } from "effect"
import type { Change, Customer } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { type TokenPurpose, type VerificationToken, VerificationTokens } from "../identity/VerificationTokens.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { type PassingTime, testTime } from "./passingTime.ts"
import { StoredFacts } from "./StoredFacts.ts"
import { bringing, circumstances, freshWord, plain, registration } from "./strangers.ts"

type Services = CustomerRepository | StoredFacts | VerificationTokens

/** The contract of {@link VerificationTokens}, beside the repository whose changes spend tokens. */
export const verificationTokensContract = <E, R = never>(
  name: string,
  adapter: Layer.Layer<Services | R, E>,
  time: PassingTime<Services | R> = testTime,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of VerificationTokens`, (it) => {
    finding(it, time)
    replacing(it)
    spending(it)
    refusing(it, time)
  })

const purposes: ReadonlyArray<TokenPurpose> = [
  "email_verification",
  "email_change",
  "password_reset",
  "phone_verification"
]

const registered = Effect.flatMap(CustomerRepository, (repository) => repository.insert(registration()))

const issued = Effect.fnUntraced(function* (customerId: CustomerId, fields: Partial<VerificationToken> = {}) {
  const tokens = yield* VerificationTokens
  const issuedAt = yield* DateTime.now
  const token: VerificationToken = {
    digest: `${freshWord()}${freshWord()}`,
    purpose: "password_reset",
    customerId,
    target: `${freshWord()}@example.com`,
    issuedAt,
    expiresAt: DateTime.add(issuedAt, { hours: 1 }),
    ...fields
  }
  yield* tokens.issue(token)
  return token
})

/** A token as plain values; one without a hash has no such field. */
const shown = (token: VerificationToken) => JSON.parse(JSON.stringify(token))

const found = ({ digest }: VerificationToken) =>
  Effect.flatMap(VerificationTokens, (tokens) => Effect.map(tokens.find(digest), Option.map(shown)))

const isThere = (token: VerificationToken) => Effect.map(found(token), Option.isSome)

const finding = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("a token is found by its digest until it expires", () =>
    Effect.gen(function* () {
      const { id } = yield* registered
      const plainToken = yield* issued(id, { target: "+49 (30) 1234.567/8", purpose: "phone_verification" })
      const withHash = yield* issued(id, { purpose: "email_verification", passwordHash: "$argon2id$v=19$hash" })
      assert.deepStrictEqual(yield* found(plainToken), Option.some(shown(plainToken)))
      assert.deepStrictEqual(yield* found(withHash), Option.some(shown(withHash)))
      assert.isFalse(yield* isThere({ ...plainToken, digest: freshWord() }))
      yield* time.advance("59 minutes")
      assert.isTrue(yield* isThere(plainToken))
      yield* time.advance("2 minutes")
      assert.isFalse(yield* isThere(plainToken))
      assert.isFalse(yield* isThere(withHash))
    })
  )
}

const replacing = (it: ContractSuite<Services>): void => {
  it.effect("a newer token ends the older ones of its purpose", () =>
    Effect.gen(function* () {
      const [mine, other] = [yield* registered, yield* registered]
      const older = yield* Effect.forEach(purposes, (purpose) => issued(mine.id, { purpose }))
      const others = yield* Effect.forEach(purposes, (purpose) => issued(other.id, { purpose }))
      for (const [position, purpose] of purposes.entries()) {
        const newer = yield* issued(mine.id, { purpose })
        assert.isTrue(yield* isThere(newer))
        const left = yield* Effect.forEach(older, isThere)
        assert.deepStrictEqual(
          left,
          purposes.map((_, index) => index > position)
        )
      }
      assert.deepStrictEqual(yield* Effect.forEach(others, isThere), [true, true, true, true])
    })
  )

  it.effect("a registration's token leaves the others alone", () =>
    Effect.gen(function* () {
      const { id } = yield* registered
      const purpose = "email_verification"
      const tokens = [
        yield* issued(id, { purpose }),
        yield* issued(id, { purpose, passwordHash: "$one" }),
        yield* issued(id, { purpose, passwordHash: "$other" })
      ]
      assert.deepStrictEqual(yield* Effect.forEach(tokens, isThere), [true, true, true])
    })
  )
}

/** A decision that is seen wherever it took place. */
const seen =
  (spends: string) =>
  (current: Customer): Result.Result<Change> => {
    const { actor, now } = circumstances()
    const entry = { action: "email_verified", actorKind: actor.kind, actor: actor.subject, at: now } as const
    const recipient = `${freshWord()}@example.com`
    return Result.succeed({
      customer: { ...current, emailVerified: true, version: current.version + 1 },
      events: [],
      consents: [],
      audits: [entry],
      mails: [{ kind: "verify_email", recipient }],
      passwordHash: "$spent",
      spends
    })
  }

const stateOf = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  const facts = yield* StoredFacts
  const customer = plain(yield* repository.get(id))
  return { customer, audits: yield* facts.audits(id), passwordHash: yield* facts.passwordHash(id) }
})

const spending = (it: ContractSuite<Services>): void => {
  it.effect("a change that spends a token ends every token of the customer", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const [mine, other] = [yield* registered, yield* registered]
      const tokens = yield* Effect.forEach(purposes, (purpose) => issued(mine.id, { purpose }))
      const kept = yield* issued(other.id)
      yield* repository.modify(mine.id, bringing({ spends: tokens[1]?.digest ?? "" }))
      assert.deepStrictEqual(yield* Effect.forEach(tokens, isThere), [false, false, false, false])
      assert.isTrue(yield* isThere(kept))
    })
  )

  it.effect("of 20 concurrent changes that spend one token exactly one happens", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const { id } = yield* registered
      const { digest } = yield* issued(id)
      const attempt = Effect.result(repository.modify(id, seen(digest)))
      const attempts = yield* Effect.all(Array.replicate(attempt, 20), { concurrency: "unbounded" })
      const refusals = attempts.flatMap((outcome) => (Result.isFailure(outcome) ? outcome.failure._tag : []))
      assert.deepStrictEqual(refusals, Array.replicate("TokenRefused", 19))
      const { audits, customer } = yield* stateOf(id)
      assert.strictEqual(customer.version, 2)
      assert.lengthOf(audits, 1)
    })
  )

  it.effect("a new password and a mass log-out each end every token of the customer", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const [mine, other] = [yield* registered, yield* registered]
      const kept = yield* issued(other.id)
      for (const ending of [{ passwordHash: "$new" }, { passwordHash: null }, { endsSessions: true }]) {
        const tokens = yield* Effect.forEach(purposes, (purpose) => issued(mine.id, { purpose }))
        yield* repository.modify(mine.id, bringing({}))
        assert.deepStrictEqual(yield* Effect.forEach(tokens, isThere), [true, true, true, true])
        yield* repository.modify(mine.id, bringing(ending))
        assert.deepStrictEqual(yield* Effect.forEach(tokens, isThere), [false, false, false, false])
      }
      assert.isTrue(yield* isThere(kept))
    })
  )
}

const refusing = <R>(it: ContractSuite<Services | R>, time: PassingTime<Services | R>): void => {
  it.effect("a change that spends a token which is gone or another's fails with TokenRefused and changes nothing", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const [mine, other] = [yield* registered, yield* registered]
      const [replaced, spent] = [yield* issued(mine.id), yield* issued(mine.id)]
      yield* repository.modify(mine.id, bringing({ spends: spent.digest }))
      const expired = yield* issued(mine.id)
      yield* time.advance("61 minutes")
      const [theirs, valid] = [yield* issued(other.id), yield* issued(mine.id, { purpose: "email_change" })]
      const before = yield* stateOf(mine.id)
      for (const { digest } of [replaced, spent, expired, theirs, { digest: freshWord() }, { digest: "" }]) {
        const refused = yield* Effect.flip(repository.modify(mine.id, seen(digest)))
        assert.strictEqual(refused._tag, "TokenRefused")
        assert.deepStrictEqual(yield* stateOf(mine.id), before)
      }
      assert.isTrue(yield* isThere(theirs))
      assert.isTrue(yield* isThere(valid))
    })
  )
}
