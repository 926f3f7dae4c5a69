import { CustomerStatus, CustomerType, inputIssues, type InputIssue, Locale } from "@customer-service/core"
import { BigDecimal, Redacted, Result, Schema } from "effect"
import {
  amount,
  checkedText,
  flag,
  networks,
  oneOf,
  optionalFlag,
  publicWebAddress,
  secret,
  secretUrl,
  secretUrls,
  signingKey,
  text,
  webAddress,
  wholeNumber
} from "./settings.ts"

/** Every variable that the service reads, with its default. `.env.example` says what each is for. */
const Settings = Schema.Struct({
  NODE_ENV: oneOf(["development", "test", "production"], "development"),
  SERVICE_NAME: text("customer-service"),
  HOST: text("127.0.0.1"),
  SERVICE_PORT: wholeNumber(0, 65_535, 8007),
  PUBLIC_URL: Schema.optionalKey(webAddress),
  DATA_DIR: text(".data"),
  LOG_LEVEL: oneOf(["debug", "info", "warn", "error"], "info"),

  DATABASE_URL: secretUrl("postgresql", "postgres"),
  DATABASE_REPLICA_URL: secretUrls("postgresql", "postgres"),
  DATABASE_MAX_CONNECTIONS: wholeNumber(1, 1000, 25),
  DATABASE_IDLE_CONNECTIONS: wholeNumber(0, 1000, 5),
  MIGRATE_ON_START: Schema.optionalKey(optionalFlag),
  PARALLEL_LOADING: flag(true),

  REDIS_URL: secretUrl("redis", "rediss"),
  CACHE_ENABLED: flag(true),
  REDIS_TTL_PROFILE: wholeNumber(1, 31_536_000, 3600),
  REDIS_TTL_ADDRESSES: wholeNumber(1, 31_536_000, 7200),
  REDIS_TTL_SEGMENTS: wholeNumber(1, 31_536_000, 1800),
  REDIS_TTL_LEGACY_MAPPING: wholeNumber(1, 31_536_000, 86_400),

  DEFAULT_CUSTOMER_TYPE: oneOf(CustomerType.literals, "individual"),
  DEFAULT_STATUS: oneOf(CustomerStatus.literals, "pending"),
  EMAIL_VERIFICATION_REQUIRED: flag(true),
  PHONE_VERIFICATION_REQUIRED: flag(false),
  MAX_ADDRESSES_PER_CUSTOMER: wholeNumber(1, 1000, 10),
  CONSENT_MODE: oneOf(["opt-out", "opt-in"], "opt-out"),
  DEFAULT_LANGUAGE: checkedText(Locale.Language, "en"),
  DEFAULT_CURRENCY: checkedText(Locale.Currency, "USD"),
  DEFAULT_TIMEZONE: checkedText(Locale.Timezone, "UTC"),

  TIER_PREMIUM_FROM: amount(1000),
  TIER_VIP_FROM: amount(10_000),
  SEGMENT_HIGH_VALUE_FROM: amount(200),
  NEW_CUSTOMER_DAYS: wholeNumber(0, 3650, 30),

  EVENT_BUS: oneOf(["memory", "dapr"], "memory"),
  EVENT_RELAY: flag(true),
  EVENT_MAX_REFUSALS: wholeNumber(1, 1000, 10),
  BUS_RESEND_WINDOW: wholeNumber(0, 600, 5),
  PARKED_EVENT_HOURS: wholeNumber(1, 8760, 24),
  DAPR_HOST: text("127.0.0.1"),
  DAPR_HTTP_PORT: wholeNumber(1, 65_535, 3500),
  DAPR_PUBSUB_NAME: text("pubsub"),
  DAPR_API_TOKEN: secret,
  APP_API_TOKEN: secret,

  ORDER_SERVICE_URL: Schema.optionalKey(publicWebAddress),
  LOYALTY_SERVICE_URL: Schema.optionalKey(publicWebAddress),
  UPSTREAM_TIMEOUT_MILLIS: wholeNumber(10, 10_000, 200),
  UPSTREAM_TOKEN: secret,

  PASSWORD_MIN_LENGTH: wholeNumber(1, 128, 8),
  PASSWORD_ALGORITHM: oneOf(["argon2id", "bcrypt"], "argon2id"),
  BCRYPT_COST: wholeNumber(10, 15, 12),
  MAX_WAITING_PASSWORDS: wholeNumber(1, 100_000, 256),
  SESSION_TIMEOUT: wholeNumber(10, 31_536_000, 1800),
  VERIFICATION_TOKEN_HOURS: wholeNumber(1, 720, 24),
  RESET_TOKEN_MINUTES: wholeNumber(1, 1440, 60),
  LOGIN_FAILURES_PER_ACCOUNT: wholeNumber(1, 1_000_000_000, 10),
  LOGIN_LOCK_SECONDS: wholeNumber(1, 86_400, 900),
  LOGIN_FAILURES_PER_ADDRESS: wholeNumber(1, 1_000_000_000, 100),
  LOGIN_FAILURE_MILLIS: wholeNumber(0, 900, 0),
  REGISTRATIONS_PER_ADDRESS: wholeNumber(1, 1_000_000_000, 30),
  MAILS_PER_ADDRESS: wholeNumber(1, 1_000_000_000, 30),
  MAILS_PER_RECIPIENT: wholeNumber(1, 1_000_000_000, 20),
  TRUSTED_PROXIES: networks,

  SMTP_URL: secretUrl("smtp", "smtps"),
  MAIL_FROM: text("Customer service <no-reply@localhost>"),
  SMS_URL: secretUrl("https", "http"),
  SHOP_NAME: text("Customer service"),

  ERASURE_GRACE_DAYS: wholeNumber(0, 3650, 30),
  RECEIPT_SIGNING_KEY: signingKey,
  OUTBOX_RETENTION_DAYS: wholeNumber(0, 36_500, 0),

  JWT_SECRET: secret,
  JWT_PRIVATE_KEY: signingKey,
  JWT_ISSUER: Schema.optionalKey(Schema.String),
  JWT_AUDIENCE: Schema.optionalKey(Schema.String),
  JWT_JWKS_URL: Schema.optionalKey(publicWebAddress),
  JWT_EXTERNAL_ISSUER: Schema.optionalKey(Schema.String),

  RATE_LIMIT_PER_MINUTE: wholeNumber(1, 1_000_000_000, 1000),
  RATE_LIMIT_CLIENT_PER_MINUTE: wholeNumber(1, 1_000_000_000, 120_000),
  MAX_CONCURRENT_REQUESTS: wholeNumber(1, 1_000_000, 1000)
})

/** The service's configuration: {@link Settings} as read, under the variables' own names. */
export type AppConfig = typeof Settings.Type

/** The names of all variables that are read. */
export const variableNames: ReadonlyArray<string> = Object.keys(Settings.fields)

const placeholders = new Set(["your-jwt-secret"])
const shortestSecret = 32

const shortestAppToken = 16

/** Anyone who can post order events can buy a tier. */
const busIssues = ({ APP_API_TOKEN, EVENT_BUS }: Readonly<Record<string, string>>): ReadonlyArray<InputIssue> =>
  EVENT_BUS !== "dapr" || Buffer.byteLength(APP_API_TOKEN ?? "") >= shortestAppToken
    ? []
    : [
        {
          path: "APP_API_TOKEN",
          message: `is required with EVENT_BUS=dapr, of at least ${shortestAppToken} bytes and the same as the sidecar's`
        }
      ]

const tierIssues = (config: AppConfig): ReadonlyArray<InputIssue> =>
  BigDecimal.isGreaterThan(config.TIER_VIP_FROM, config.TIER_PREMIUM_FROM)
    ? []
    : [{ path: "TIER_VIP_FROM", message: "must be more than TIER_PREMIUM_FROM" }]

/** Rules that hold between variables. */
const crossIssues = (environment: Readonly<Record<string, string>>): ReadonlyArray<InputIssue> => {
  const { DATABASE_REPLICA_URL, DATABASE_URL, JWT_EXTERNAL_ISSUER, JWT_ISSUER } = environment
  const { JWT_JWKS_URL, JWT_PRIVATE_KEY, JWT_SECRET, NODE_ENV } = environment
  const issues: Array<InputIssue> = []
  if (DATABASE_REPLICA_URL !== undefined && DATABASE_URL === undefined) {
    issues.push({ path: "DATABASE_REPLICA_URL", message: "needs DATABASE_URL: the embedded database has no replicas" })
  }
  if (
    JWT_PRIVATE_KEY === undefined &&
    JWT_SECRET === undefined &&
    (DATABASE_URL !== undefined || NODE_ENV === "production")
  ) {
    issues.push({
      path: "JWT_SECRET",
      message: "is required with DATABASE_URL or in production (or set JWT_PRIVATE_KEY)"
    })
  }
  const weak =
    JWT_SECRET !== undefined && (placeholders.has(JWT_SECRET) || Buffer.byteLength(JWT_SECRET) < shortestSecret)
  if (NODE_ENV === "production" && weak) {
    issues.push({ path: "JWT_SECRET", message: `must be a secret of your own of at least ${shortestSecret} bytes` })
  }
  if ((JWT_JWKS_URL === undefined) !== (JWT_EXTERNAL_ISSUER === undefined)) {
    issues.push({ path: "JWT_JWKS_URL", message: "and JWT_EXTERNAL_ISSUER must be set together" })
  }
  if (JWT_EXTERNAL_ISSUER !== undefined && JWT_EXTERNAL_ISSUER === JWT_ISSUER) {
    issues.push({ path: "JWT_EXTERNAL_ISSUER", message: "must be another name than JWT_ISSUER" })
  }
  return issues
}

const decode = Schema.decodeUnknownResult(Settings, { errors: "all" })

/** Reads the environment; fails with every problem at once. Empty variables count as unset. */
export const read = (
  environment: Readonly<Record<string, string | undefined>>
): Result.Result<AppConfig, ReadonlyArray<InputIssue>> => {
  const given = Object.fromEntries(
    variableNames.flatMap((name) => {
      const value = environment[name]
      return value === undefined || value === "" ? [] : [[name, value] as const]
    })
  )
  const decoded = decode(given)
  const issues = [
    ...(Result.isFailure(decoded) ? inputIssues(decoded.failure.issue) : tierIssues(decoded.success)),
    ...crossIssues(given),
    ...busIssues(given)
  ]
  return Result.isSuccess(decoded) && issues.length === 0 ? Result.succeed(decoded.success) : Result.fail(issues)
}

/** The address under which the service tells others to reach it. */
export const publicUrl = (config: AppConfig): string =>
  config.PUBLIC_URL ?? `http://${config.HOST.includes(":") ? `[${config.HOST}]` : config.HOST}:${config.SERVICE_PORT}`

/** Whether pending migrations are applied at the start. */
export const migratesOnStart = (config: AppConfig): boolean =>
  config.MIGRATE_ON_START ?? config.NODE_ENV !== "production"

/** The replicas to read lists from. */
export const replicaUrls = (config: AppConfig): ReadonlyArray<Redacted.Redacted> =>
  config.DATABASE_REPLICA_URL === undefined
    ? []
    : Redacted.value(config.DATABASE_REPLICA_URL)
        .split(",")
        .map((url) => Redacted.make(url.trim()))
