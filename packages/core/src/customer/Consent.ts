import type { DateTime } from "effect"
import type { Actor } from "../request/Actor.ts"
import type { Preferences, PreferencesChanges } from "./Preferences.ts"

/** One line of the consent ledger: who said what about one purpose on one channel, and when. */
export interface ConsentEntry {
  readonly purpose:
    | "marketing"
    | "order_updates"
    | "promotions"
    | "newsletter"
    | "data_sharing"
    | "analytics"
    | "cookies"
  readonly channel: "email" | "sms" | "push" | "web"
  readonly granted: boolean
  /** `default` where nobody said anything and the shop's default was applied. */
  readonly source: "default" | Actor["kind"]
  readonly by: string
  readonly at: DateTime.Utc
}

type Choice = (preferences: PreferencesChanges) => boolean | undefined

const choices: ReadonlyArray<readonly [ConsentEntry["purpose"], ConsentEntry["channel"], Choice]> = [
  ["marketing", "email", (preferences) => preferences.marketing?.emailOptIn],
  ["marketing", "sms", (preferences) => preferences.marketing?.smsOptIn],
  ["marketing", "push", (preferences) => preferences.marketing?.pushOptIn],
  ["order_updates", "email", (preferences) => preferences.notifications?.orderUpdates],
  ["promotions", "email", (preferences) => preferences.notifications?.promotions],
  ["newsletter", "email", (preferences) => preferences.notifications?.newsletters],
  ["data_sharing", "web", (preferences) => preferences.privacy?.dataSharing],
  ["analytics", "web", (preferences) => preferences.privacy?.analyticsTracking],
  ["cookies", "web", (preferences) => preferences.privacy?.cookieConsent]
]

/** A consent that can be given, in words, and whether it is. */
export interface StandingConsent {
  readonly name: string
  readonly granted: boolean
}

/** Every consent there is, and whether these preferences grant it. */
export const standingConsents = (preferences: Preferences): ReadonlyArray<StandingConsent> =>
  choices.map(([purpose, channel, choice]) => ({
    name: `${purpose} by ${channel}`,
    granted: choice(preferences) ?? false
  }))

/**
 * The ledger's first lines for a new customer: what she said under the actor's name, and what the shop's
 * defaults assumed under `default`. A consent neither given nor assumed needs no line: nothing was agreed to.
 */
export const initialConsents = (
  preferences: Preferences,
  given: PreferencesChanges,
  actor: Actor,
  at: DateTime.Utc
): ReadonlyArray<ConsentEntry> =>
  choices.flatMap(([purpose, channel, choice]) => {
    const granted = choice(preferences) ?? false
    const said = choice(given) !== undefined
    if (!said && !granted) return []
    return [{ purpose, channel, granted, source: said ? actor.kind : ("default" as const), by: actor.subject, at }]
  })

/** One ledger line for each consent that differs between the two. */
export const changedConsents = (
  before: Preferences,
  after: Preferences,
  actor: Actor,
  at: DateTime.Utc
): ReadonlyArray<ConsentEntry> =>
  choices.flatMap(([purpose, channel, choice]) => {
    const granted = choice(after) ?? false
    if (choice(before) === granted) return []
    return [{ purpose, channel, granted, source: actor.kind, by: actor.subject, at }]
  })
