import { Schema } from "effect"
import { AttributeChanges, Attributes, changeAttributes } from "../value/Attributes.ts"
import { Currency, Language, Timezone } from "../value/Locale.ts"
import type { CustomerPolicy } from "./CustomerPolicy.ts"

/** How a customer wants to be addressed, and what she agreed to. */
export const Preferences = Schema.Struct({
  language: Language,
  currency: Currency,
  timezone: Timezone,
  marketing: Schema.Struct({
    emailOptIn: Schema.Boolean,
    smsOptIn: Schema.Boolean,
    pushOptIn: Schema.Boolean
  }),
  notifications: Schema.Struct({
    orderUpdates: Schema.Boolean,
    promotions: Schema.Boolean,
    newsletters: Schema.Boolean
  }),
  privacy: Schema.Struct({
    dataSharing: Schema.Boolean,
    analyticsTracking: Schema.Boolean,
    cookieConsent: Schema.Boolean
  }),
  custom: Attributes
}).annotate({ description: "How she wants to be addressed, and what she agreed to." })
export type Preferences = typeof Preferences.Type

/** Changes to {@link Preferences}: an absent field stays at every level; `custom` is merged key by key. */
export const PreferencesChanges = Schema.Struct({
  language: Schema.optionalKey(Language),
  currency: Schema.optionalKey(Currency),
  timezone: Schema.optionalKey(Timezone),
  marketing: Schema.optionalKey(
    Schema.Struct({
      emailOptIn: Schema.optionalKey(Schema.Boolean),
      smsOptIn: Schema.optionalKey(Schema.Boolean),
      pushOptIn: Schema.optionalKey(Schema.Boolean)
    })
  ),
  notifications: Schema.optionalKey(
    Schema.Struct({
      orderUpdates: Schema.optionalKey(Schema.Boolean),
      promotions: Schema.optionalKey(Schema.Boolean),
      newsletters: Schema.optionalKey(Schema.Boolean)
    })
  ),
  privacy: Schema.optionalKey(
    Schema.Struct({
      dataSharing: Schema.optionalKey(Schema.Boolean),
      analyticsTracking: Schema.optionalKey(Schema.Boolean),
      cookieConsent: Schema.optionalKey(Schema.Boolean)
    })
  ),
  custom: Schema.optionalKey(Schema.NullOr(AttributeChanges))
}).annotate({ description: "Changes to preferences: an absent field stays at every level." })
export type PreferencesChanges = typeof PreferencesChanges.Type

/** What holds for a customer who said nothing: the shop's defaults; in opt-in mode nothing is agreed to. */
export const defaultPreferences = (policy: CustomerPolicy): Preferences => {
  const assumed = policy.consentMode === "opt-out"
  return {
    language: policy.defaultLanguage,
    currency: policy.defaultCurrency,
    timezone: policy.defaultTimezone,
    marketing: { emailOptIn: assumed, smsOptIn: false, pushOptIn: assumed },
    notifications: { orderUpdates: assumed, promotions: assumed, newsletters: assumed },
    privacy: { dataSharing: false, analyticsTracking: assumed, cookieConsent: false },
    custom: {}
  }
}

/** `preferences` with `changes` applied. */
export const changePreferences = (preferences: Preferences, changes: PreferencesChanges): Preferences => ({
  language: changes.language ?? preferences.language,
  currency: changes.currency ?? preferences.currency,
  timezone: changes.timezone ?? preferences.timezone,
  marketing: { ...preferences.marketing, ...changes.marketing },
  notifications: { ...preferences.notifications, ...changes.notifications },
  privacy: { ...preferences.privacy, ...changes.privacy },
  custom: changes.custom === null ? {} : changeAttributes(preferences.custom, changes.custom ?? {})
})
