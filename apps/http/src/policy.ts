import { CustomerPolicy } from "@customer-service/core"
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
