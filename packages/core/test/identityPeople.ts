import { assert } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { CustomerRepository } from "../src/customer/CustomerRepository.ts"
import * as Customers from "../src/customer/Customers.ts"
import { TokenVerifier } from "../src/identity/AccessToken.ts"
import * as Courier from "../src/identity/Courier.ts"
import { Credentials } from "../src/identity/Credentials.ts"
import * as Logins from "../src/identity/Logins.ts"
import { MailMemory } from "../src/identity/Mailer.ts"
import * as Registrations from "../src/identity/Registrations.ts"
import { type Actor, CurrentActor } from "../src/request/Actor.ts"
import { CurrentCaller } from "../src/request/Caller.ts"
import { Email } from "../src/value/Email.ts"
import { freshWord } from "../src/testing/index.ts"

/** Somebody with an account, or about to have one. */
export interface Person {
  readonly email: Email
  readonly password: Redacted.Redacted
}

export interface KnownPerson extends Person {
  readonly id: CustomerId
}

export const password = (text: string = `${freshWord()} battery`): Redacted.Redacted => Redacted.make(text)

export const stranger = (): Person => ({ email: Email.make(`${freshWord()}@example.com`), password: password() })

const staff: Actor = { kind: "staff", subject: "ada", scopes: new Set(["customers:admin"]) }

export const as = (actor: Actor) => Effect.provideService(CurrentActor, actor)
export const asStaff = as(staff)

/** As a caller from this network address. */
export const from = (address: string) => Effect.provideService(CurrentCaller, { address, userAgent: "Browser/1.0" })

/** Sends everything that waits. */
export const deliverAll = Effect.gen(function* () {
  while ((yield* Courier.deliverDue()) > 0) continue
})

/** The mails that an address has got, oldest first. */
const mailsTo = (email: string) =>
  Effect.map(MailMemory, ({ mails }) => mails.filter(({ to }) => to.toLowerCase() === email.toLowerCase()))

export const subjectsTo = (email: string) => Effect.map(mailsTo(email), (mails) => mails.map(({ subject }) => subject))

/** The secret of each link that an address has got, oldest first. */
export const secretsTo = (email: string) =>
  Effect.map(mailsTo(email), (mails) =>
    mails.flatMap(({ text }) => /#token=(?<secret>[\w-]{43})\b/.exec(text)?.groups?.secret ?? [])
  )

/** Sends everything that waits; the secret of the newest link that the address has got then. */
export const newestSecretTo = Effect.fnUntraced(function* (email: string) {
  yield* deliverAll
  const secret = (yield* secretsTo(email)).at(-1)
  assert.isDefined(secret)
  return Redacted.make(secret ?? "")
})

/** Registers somebody; answers the secret that she was sent. */
export const registered = Effect.fnUntraced(function* (person: Person) {
  yield* Registrations.register({ email: person.email }, person.password)
  return yield* newestSecretTo(person.email)
})

/** Somebody who has registered and verified her address. */
export const verified = Effect.fnUntraced(function* (person: Person = stranger()) {
  const { customerId } = yield* Registrations.verifyEmail(yield* registered(person))
  const known: KnownPerson = { ...person, id: customerId }
  return known
})

/** Somebody who has registered, and has not verified her address. */
export const pending = Effect.fnUntraced(function* (person: Person = stranger()) {
  const secret = yield* registered(person)
  const known: KnownPerson = { ...person, id: yield* idOf(person.email) }
  return { ...known, secret }
})

export const idOf = Effect.fnUntraced(function* (email: Email) {
  const repository = yield* CustomerRepository
  const { customers } = yield* repository.list({ limit: 1, email })
  return Option.getOrThrow(Option.fromUndefinedOr(customers[0])).id
})

export const logIn = (person: Person) => Logins.logIn(person.email, person.password)

/** Runs a use case under the access token of a login. */
export const inSession =
  (grant: Logins.Grant) =>
  <A, E, R>(useCase: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      const verifier = yield* TokenVerifier
      const { actor } = yield* Effect.orDie(verifier.verify(Redacted.value(grant.accessToken)))
      return yield* Effect.provideService(useCase, CurrentActor, actor)
    })

/** How a use case ends: `done`, or the tag of its error. */
export const outcomeOf = <A, E extends { readonly _tag: string }, R>(useCase: Effect.Effect<A, E, R>) =>
  Effect.match(useCase, { onSuccess: () => "done", onFailure: (error): string => error._tag })

/** What is known of a customer, to tell whether anything changed. */
export const snapshotOf = Effect.fnUntraced(function* (id: CustomerId) {
  const repository = yield* CustomerRepository
  const credentials = yield* Credentials
  return { customer: yield* repository.get(id), account: yield* credentials.find(id) }
})

export const closed = (id: CustomerId) => asStaff(Customers.deactivate(id))
