import { IdentityPolicy } from "@customer-service/core"
import { Layer } from "effect"
import { type AppConfig, publicUrl } from "./AppConfig.ts"

const tenMinutes = 600
const hour = 3600

const limits = (config: AppConfig): IdentityPolicy["limits"] => ({
  ...IdentityPolicy.defaultValue().limits,
  loginsByAddress: { most: config.LOGIN_FAILURES_PER_ADDRESS, windowSeconds: tenMinutes },
  loginsByAccount: {
    most: config.LOGIN_FAILURES_PER_ACCOUNT,
    windowSeconds: config.LOGIN_LOCK_SECONDS,
    penaltySeconds: config.LOGIN_LOCK_SECONDS
  },
  registrationsByAddress: { most: config.REGISTRATIONS_PER_ADDRESS, windowSeconds: hour },
  mailsByAddress: { most: config.MAILS_PER_ADDRESS, windowSeconds: hour },
  mailsByRecipient: { most: config.MAILS_PER_RECIPIENT, windowSeconds: hour }
})

/** What the shop decides about logins and messages, as the configuration says. */
export const identityPolicy = (config: AppConfig): Layer.Layer<never> =>
  Layer.succeed(IdentityPolicy, {
    ...IdentityPolicy.defaultValue(),
    publicUrl: publicUrl(config).replace(/\/+$/, ""),
    shopName: config.SHOP_NAME,
    verificationHours: config.VERIFICATION_TOKEN_HOURS,
    resetMinutes: config.RESET_TOKEN_MINUTES,
    failureMillis: config.LOGIN_FAILURE_MILLIS,
    limits: limits(config)
  })
