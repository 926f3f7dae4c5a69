import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { CustomerMemory } from "../src/customer/CustomerMemory.ts"
import * as Customers from "../src/customer/Customers.ts"
import type { CustomerId } from "../src/customer/CustomerId.ts"
import { MailMemory } from "../src/identity/Mailer.ts"
import { SessionStore } from "../src/identity/SessionStore.ts"
import * as Erasures from "../src/privacy/Erasures.ts"
import { mailPersonalData } from "../src/privacy/mailPersonalData.ts"
import { type PersonalDataHolder, PersonalDataHolders } from "../src/privacy/PersonalDataHolder.ts"
import { sessionPersonalData } from "../src/privacy/sessionPersonalData.ts"
import { freshAddressId } from "../src/testing/index.ts"
import { it as inWorld, type World } from "./identityScene.ts"
import { asStaff, from, inSession, logIn, verified } from "./identityPeople.ts"

/** A test in a world of its own, in which sessions and mails hold personal data beside the store. */
export const it = (name: string, test: () => Effect.Effect<void, unknown, World | PersonalDataHolders>): void =>
  inWorld(name, () =>
    Effect.gen(function* () {
      const holders = yield* Effect.all([sessionPersonalData, mailPersonalData])
      yield* Effect.provideService(test(), PersonalDataHolders, holders)
    })
  )

/** Runs an effect with one more holder beside the others. */
export const withHolder =
  (holder: PersonalDataHolder) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.flatMap(PersonalDataHolders, (others) =>
      Effect.provideService(effect, PersonalDataHolders, [...others, holder])
    )

/** A holder that holds nothing, but for what is said otherwise. */
export const holderWith = (otherwise: Partial<PersonalDataHolder>): PersonalDataHolder => ({
  name: "archive",
  erase: () => Effect.succeed([]),
  remainders: () => Effect.succeed([]),
  exportOf: () => Effect.succeed([]),
  ...otherwise
})

export const canaries = {
  firstName: "Quixotica",
  phone: "+1-555-0199-777",
  street: "12 Canary Lane",
  userAgent: "Browser/1.0"
}

/** Somebody who is logged in, with a profile, an address and mails. */
export const knownPerson = Effect.gen(function* () {
  const person = yield* verified()
  const granted = yield* from("203.0.113.7")(logIn(person))
  const { firstName, phone, street } = canaries
  const act = inSession(granted)
  yield* act(Customers.update(person.id, { profile: { firstName, phone, data: { note: `I am ${person.email}` } } }))
  yield* act(Customers.addAddress(person.id, { street, city: "Springfield", country: "US" }, freshAddressId()))
  return { ...person, granted }
})

export const eraseNow = (id: CustomerId, reason = "she asked for it") => asStaff(Erasures.plan(id, "now", reason))

const listed = (value: unknown): unknown => (value instanceof Map || value instanceof Set ? [...value] : value)

/** Everything that the whole world holds, as text. */
export const everything = Effect.fnUntraced(function* (id: CustomerId) {
  const { writing: _, ...memory } = yield* CustomerMemory
  const { mails, texts } = yield* MailMemory
  const sessions = yield* (yield* SessionStore).list(id)
  const kept = Object.values(memory).map(listed)
  return JSON.stringify([kept, mails, texts, sessions], (_, value: unknown) => listed(value))
})

export const assertGone = Effect.fnUntraced(function* (person: { readonly id: CustomerId; readonly email: string }) {
  const kept = (yield* everything(person.id)).toLowerCase()
  for (const value of [person.email, ...Object.values(canaries)]) assert.notInclude(kept, value.toLowerCase())
})
