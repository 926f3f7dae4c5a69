import { assert, describe } from "@effect/vitest"
import { fc, it } from "@fast-check/vitest"
import { Result } from "effect"
import type { ConsentEntry } from "../src/customer/Consent.ts"
import type { Customer } from "../src/customer/Customer.ts"
import * as Decisions from "../src/customer/CustomerDecisions.ts"
import { CustomerPolicy } from "../src/customer/CustomerPolicy.ts"
import type { Preferences, PreferencesChanges } from "../src/customer/Preferences.ts"
import { Email } from "../src/value/Email.ts"
import { Arbitraries, circumstances, freshCustomerId } from "../src/testing/index.ts"
import { StandingPolicy } from "../src/segment/StandingPolicy.ts"

const consentsIn = ({ marketing, notifications, privacy }: Preferences): Readonly<Record<string, boolean>> => ({
  "marketing by email": marketing.emailOptIn,
  "marketing by sms": marketing.smsOptIn,
  "marketing by push": marketing.pushOptIn,
  "order_updates by email": notifications.orderUpdates,
  "promotions by email": notifications.promotions,
  "newsletter by email": notifications.newsletters,
  "data_sharing by web": privacy.dataSharing,
  "analytics by web": privacy.analyticsTracking,
  "cookies by web": privacy.cookieConsent
})

const nothingAgreed = (preferences: Preferences) =>
  Object.fromEntries(Object.keys(consentsIn(preferences)).map((consent) => [consent, false]))

const statesIn = (ledger: ReadonlyArray<ConsentEntry>) =>
  Object.fromEntries(ledger.map(({ purpose, channel, granted }) => [`${purpose} by ${channel}`, granted]))

const differences = (before: Preferences, after: Preferences) => {
  const earlier = consentsIn(before)
  return Object.fromEntries(Object.entries(consentsIn(after)).filter(([name, granted]) => earlier[name] !== granted))
}

const policyOf = (consentMode: "opt-in" | "opt-out") => ({ ...CustomerPolicy.defaultValue(), consentMode })

const registered = (consentMode: "opt-in" | "opt-out", preferences?: PreferencesChanges) => {
  const email = Email.make("jane@example.com")
  const input = preferences === undefined ? { email } : { email, preferences }
  return Result.getOrThrow(
    Decisions.register(input, freshCustomerId(), policyOf(consentMode), circumstances(), StandingPolicy.defaultValue())
  )
}

const updated = (customer: Customer, preferences: PreferencesChanges) =>
  Result.getOrThrow(Decisions.update(customer, { preferences }, circumstances(60)))

describe("the consent ledger", () => {
  it.prop([Arbitraries.customer, Arbitraries.preferencesChanges])(
    "gets exactly the consents that a change changes",
    (sample, changes) => {
      const customer: Customer = { ...sample, status: "active" }
      const { customer: after, consents } = updated(customer, changes)
      assert.deepStrictEqual(statesIn(consents), differences(customer.preferences, after.preferences))
      assert.lengthOf(consents, Object.keys(statesIn(consents)).length)
    }
  )

  it.prop([
    fc.constantFrom("opt-in" as const, "opt-out" as const),
    Arbitraries.preferencesChanges,
    fc.array(Arbitraries.preferencesChanges, { maxLength: 5 })
  ])("read from its beginning gives what holds now", (mode, given, later) => {
    const beginning = registered(mode, given)
    const { customer, consents } = later.reduce((current, changes) => {
      const next = updated(current.customer, changes)
      return { ...next, consents: [...current.consents, ...next.consents] }
    }, beginning)
    const now = { ...nothingAgreed(customer.preferences), ...statesIn(consents) }
    assert.deepStrictEqual(now, consentsIn(customer.preferences))
  })

  it("says who said what, and when", () => {
    const { actor, now } = circumstances(60)
    const { consents } = updated(registered("opt-in").customer, { marketing: { emailOptIn: true } })
    assert.deepStrictEqual(consents, [
      { purpose: "marketing", channel: "email", granted: true, source: actor.kind, by: actor.subject, at: now }
    ])
  })
})

describe("a new customer who says nothing", () => {
  it("has agreed to the shop's defaults where consent is opt-out, and the ledger calls them defaults", () => {
    const { customer, consents } = registered("opt-out")
    assert.deepStrictEqual(statesIn(consents), {
      "marketing by email": true,
      "marketing by push": true,
      "order_updates by email": true,
      "promotions by email": true,
      "newsletter by email": true,
      "analytics by web": true
    })
    assert.isTrue(consents.every(({ source }) => source === "default"))
    assert.isFalse(customer.preferences.marketing.smsOptIn)
    assert.isFalse(customer.preferences.privacy.dataSharing)
  })

  it("has agreed to nothing where consent is opt-in, and the ledger is empty", () => {
    const { customer, consents } = registered("opt-in")
    assert.deepStrictEqual(consentsIn(customer.preferences), nothingAgreed(customer.preferences))
    assert.deepStrictEqual(consents, [])
  })
})

describe("a new customer who says something", () => {
  const said: PreferencesChanges = { marketing: { emailOptIn: false, smsOptIn: true } }

  it("is in the ledger under the actor's name, beside the defaults", () => {
    const sources = registered("opt-out", said).consents.map(({ purpose, channel, granted, source }) => [
      `${purpose} by ${channel}`,
      granted,
      source
    ])
    assert.deepInclude(sources, ["marketing by email", false, "service"])
    assert.deepInclude(sources, ["marketing by sms", true, "service"])
    assert.deepInclude(sources, ["marketing by push", true, "default"])
  })

  it("is all that the ledger holds where consent is opt-in", () => {
    assert.deepStrictEqual(statesIn(registered("opt-in", said).consents), {
      "marketing by email": false,
      "marketing by sms": true
    })
  })
})
