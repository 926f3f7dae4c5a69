import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, type Layer, Option, Result } from "effect"
import type { ChangeRecords } from "../customer/Customer.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import { Credentials } from "../identity/Credentials.ts"
import { VerificationTokens } from "../identity/VerificationTokens.ts"
import { Email } from "../value/Email.ts"
import type { ContractOptions, ContractSuite } from "./ContractSuite.ts"
import { bringing, freshCustomerId, freshWord, registration, written } from "./strangers.ts"

type Services = Credentials | CustomerRepository | VerificationTokens

/** The contract of {@link Credentials}, beside the repository that passwords are written with, and tokens spent. */
export const credentialsContract = <E>(
  name: string,
  adapter: Layer.Layer<Services, E>,
  options?: ContractOptions
): void =>
  layer(adapter, options)(`${name} keeps the contract of Credentials`, (it) => {
    accounts(it)
    epochs(it)
    contests(it)
  })

/** Text of the form of a hash, which no password was made into. */
const freshHash = (): string => `$argon2id$v=19$m=19456,t=2,p=1$${freshWord()}$${freshWord()}`

const registered = Effect.fnUntraced(function* (passwordHash?: string) {
  const repository = yield* CustomerRepository
  return yield* repository.insert({ ...registration(), ...(passwordHash === undefined ? {} : { passwordHash }) })
})

const changeBringing = (id: CustomerId, records: ChangeRecords) =>
  Effect.flatMap(CustomerRepository, (repository) => repository.modify(id, bringing(records)))

const accountOf = (id: CustomerId) =>
  Effect.flatMap(Credentials, (credentials) => Effect.map(credentials.find(id), Option.getOrThrow))

const accounts = (it: ContractSuite<Credentials | CustomerRepository>): void => {
  it.effect("an account is found by its address in whatever capitals, and by id", () =>
    Effect.gen(function* () {
      const credentials = yield* Credentials
      const repository = yield* CustomerRepository
      const local = `Jane.${freshWord()}`
      const email = Email.make(`${local}@example.com`)
      const { id, status } = yield* repository.insert({ ...registration({ email }), passwordHash: "$hash" })
      const account = yield* accountOf(id)
      const { contested, customerId, emailVerified, passwordHash } = account
      assert.deepStrictEqual(
        { contested, customerId, email: account.email, emailVerified, passwordHash, status: account.status },
        { contested: false, customerId: id, email, emailVerified: false, passwordHash: "$hash", status }
      )
      for (const spelling of [email, `${local.toUpperCase()}@example.com`, `${local.toLowerCase()}@example.com`]) {
        assert.deepStrictEqual(yield* credentials.findByEmail(Email.make(spelling)), Option.some(account))
      }
      assert.deepStrictEqual(yield* credentials.findByEmail(Email.make(`x${email}`)), Option.none())
      assert.deepStrictEqual(yield* credentials.find(freshCustomerId()), Option.none())
      const moved = Email.make(`moved.${email}`)
      yield* repository.modify(id, (current) =>
        Result.succeed(written({ ...current, email: moved, emailVerified: true, version: current.version + 1 }))
      )
      assert.deepStrictEqual(yield* credentials.findByEmail(email), Option.none())
      const verified = Option.some({ ...account, email: moved, emailVerified: true })
      assert.deepStrictEqual(yield* credentials.findByEmail(moved), verified)
    })
  )

  it.effect("a change that was decided in an earlier epoch fails with CredentialsChanged and changes nothing", () =>
    Effect.gen(function* () {
      const repository = yield* CustomerRepository
      const { id } = yield* registered()
      const { sessionEpoch } = yield* accountOf(id)
      const first = freshHash()
      yield* changeBringing(id, { passwordHash: first, sessionEpoch })
      const before = yield* repository.get(id)
      const late = yield* Effect.flip(changeBringing(id, { passwordHash: freshHash(), sessionEpoch }))
      const renamed = yield* Effect.flip(
        repository.modify(id, (current) =>
          Result.succeed({ ...written({ ...current, version: current.version + 1 }), sessionEpoch })
        )
      )
      assert.deepStrictEqual([late._tag, renamed._tag], ["CredentialsChanged", "CredentialsChanged"])
      assert.strictEqual((yield* accountOf(id)).passwordHash, first)
      assert.strictEqual((yield* repository.get(id)).version, before.version)
    })
  )

  it.effect("an account without a password has no hash", () =>
    Effect.gen(function* () {
      const { id } = yield* registered()
      assert.isUndefined((yield* accountOf(id)).passwordHash)
      const hash = freshHash()
      yield* changeBringing(id, { passwordHash: hash })
      assert.strictEqual((yield* accountOf(id)).passwordHash, hash)
    })
  )

  it.effect("a change that drops the password leaves none", () =>
    Effect.gen(function* () {
      const { id } = yield* registered(freshHash())
      yield* changeBringing(id, { passwordHash: null })
      assert.isUndefined((yield* accountOf(id)).passwordHash)
      yield* changeBringing(id, {})
      assert.isUndefined((yield* accountOf(id)).passwordHash)
    })
  )
}

const epochs = (it: ContractSuite<Credentials | CustomerRepository>): void => {
  it.effect("a new password and a mass log-out each begin a new epoch", () =>
    Effect.gen(function* () {
      for (const passwordHash of [undefined, freshHash()]) {
        const { id } = yield* registered(passwordHash)
        const other = yield* registered(passwordHash)
        const epochOf = Effect.map(accountOf(id), ({ sessionEpoch }) => sessionEpoch)
        const [first, others] = [yield* epochOf, yield* accountOf(other.id)]
        yield* changeBringing(id, {})
        assert.strictEqual(yield* epochOf, first)
        yield* changeBringing(id, { endsSessions: true })
        const second = yield* epochOf
        assert.isAbove(second, first)
        yield* changeBringing(id, { passwordHash: freshHash() })
        const third = yield* epochOf
        assert.isAbove(third, second)
        yield* changeBringing(id, { passwordHash: null, endsSessions: true })
        assert.isAbove(yield* epochOf, third)
        assert.deepStrictEqual(yield* accountOf(other.id), others)
      }
    })
  )

  it.effect("a rehash replaces the hash it was made from and begins no epoch", () =>
    Effect.gen(function* () {
      const credentials = yield* Credentials
      const [from, to] = [freshHash(), freshHash()]
      const { id } = yield* registered(from)
      const before = yield* accountOf(id)
      yield* credentials.rehash(id, from, to)
      assert.deepStrictEqual(yield* accountOf(id), { ...before, passwordHash: to })
    })
  )

  it.effect("a rehash of a hash that was replaced meanwhile changes nothing", () =>
    Effect.gen(function* () {
      const credentials = yield* Credentials
      const [from, chosen] = [freshHash(), freshHash()]
      const { id } = yield* registered(from)
      yield* changeBringing(id, { passwordHash: chosen })
      yield* credentials.rehash(id, from, freshHash())
      assert.strictEqual((yield* accountOf(id)).passwordHash, chosen)
      yield* changeBringing(id, { passwordHash: null })
      yield* credentials.rehash(id, chosen, freshHash())
      assert.isUndefined((yield* accountOf(id)).passwordHash)
    })
  )
}

/** The digest of a token that was just sent to a customer. */
const tokenOf = Effect.fnUntraced(function* (customerId: CustomerId) {
  const tokens = yield* VerificationTokens
  const issuedAt = yield* DateTime.now
  const [digest, target] = [`${freshWord()}${freshWord()}`, `${freshWord()}@example.com`]
  const expiresAt = DateTime.add(issuedAt, { hours: 1 })
  yield* tokens.issue({ digest, purpose: "password_reset", customerId, target, issuedAt, expiresAt })
  return digest
})

const contests = (it: ContractSuite<Services>): void => {
  it.effect(
    "a contested account stays so until a change that spends a token gives it a password or takes it away",
    () =>
      Effect.gen(function* () {
        const credentials = yield* Credentials
        const from = freshHash()
        const { id } = yield* registered(from)
        const other = yield* registered(freshHash())
        for (const passwordHash of [freshHash(), null]) {
          yield* credentials.contest(id)
          yield* credentials.contest(id)
          yield* credentials.rehash(id, from, freshHash())
          yield* changeBringing(id, { endsSessions: true })
          yield* changeBringing(id, { spends: yield* tokenOf(id) })
          yield* changeBringing(id, { passwordHash: freshHash() })
          assert.isTrue((yield* accountOf(id)).contested)
          yield* changeBringing(id, { passwordHash, spends: yield* tokenOf(id) })
          assert.isFalse((yield* accountOf(id)).contested)
        }
        assert.isFalse((yield* accountOf(other.id)).contested)
        yield* credentials.contest(freshCustomerId())
      })
  )
}
