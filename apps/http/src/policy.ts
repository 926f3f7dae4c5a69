import { CustomerPolicy, IncomingEvents, RelayPolicy, StandingPolicy } from "@customer-service/core"
import { Layer } from "effect"
import type { AppConfig } from "./AppConfig.ts"

/** What the shop decides about its customers, as the configuration says. */
export const policy = (config: AppConfig): Layer.Layer<never> =>
  Layer.succeed(CustomerPolicy, {
    defaultStatus: config.DEFAULT_STATUS,
    defaultType: config.DEFAULT_CUSTOMER_TYPE,
    emailVerificationRequired: config.EMAIL_VERIFICATION_REQUIRED,
    phoneVerificationRequired: config.PHONE_VERIFICATION_REQUIRED,
    maxAddresses: config.MAX_ADDRESSES_PER_CUSTOMER,
    consentMode: config.CONSENT_MODE,
    passwordMinLength: config.PASSWORD_MIN_LENGTH,
    erasureGraceDays: config.ERASURE_GRACE_DAYS,
    defaultLanguage: config.DEFAULT_LANGUAGE,
    defaultCurrency: config.DEFAULT_CURRENCY,
    defaultTimezone: config.DEFAULT_TIMEZONE
  })

/** From which figures on a customer stands where. */
export const standingPolicy = (config: AppConfig): Layer.Layer<never> =>
  Layer.succeed(StandingPolicy, {
    premiumFrom: config.TIER_PREMIUM_FROM,
    vipFrom: config.TIER_VIP_FROM,
    highValueFrom: config.SEGMENT_HIGH_VALUE_FROM,
    newCustomerDays: config.NEW_CUSTOMER_DAYS
  })

/** How events go out, and how long those that came in wait for their customer. */
export const eventPolicy = (config: AppConfig): Layer.Layer<never> =>
  Layer.mergeAll(
    Layer.succeed(RelayPolicy, {
      ...RelayPolicy.defaultValue(),
      mostRefusals: config.EVENT_MAX_REFUSALS,
      resendWindowSeconds: config.BUS_RESEND_WINDOW
    }),
    Layer.succeed(IncomingEvents.ParkedHours, config.PARKED_EVENT_HOURS)
  )
