import { Argon2PasswordHasher } from "@customer-service/adapters-security"
import { Api } from "@customer-service/api"
import { CustomerPolicy, EventSource } from "@customer-service/core"
import { NodeHttpServer } from "@effect/platform-node"
import { Layer, Logger, References } from "effect"
import { SecureRandom } from "effect/crypto"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { createServer } from "node:http"
import * as addressHandlers from "./addresses/addressHandlers.ts"
import { type AppConfig, migratesOnStart } from "./AppConfig.ts"
import * as customerHandlers from "./customers/customerHandlers.ts"
import * as Access from "./gateway/Access.ts"
import * as authorization from "./gateway/authorization.ts"
import * as Gateway from "./gateway/Gateway.ts"
import * as Health from "./operations/Health.ts"
import * as greeting from "./operations/greeting.ts"
import * as migrateOnStart from "./operations/migrateOnStart.ts"
import * as operations from "./operations/routes.ts"
import * as sweeping from "./operations/sweeping.ts"
import * as Storage from "./Storage.ts"
import * as tokens from "./tokens.ts"

const policy = (config: AppConfig) =>
  Layer.succeed(CustomerPolicy, {
    defaultStatus: config.DEFAULT_STATUS,
    defaultType: config.DEFAULT_CUSTOMER_TYPE,
    emailVerificationRequired: config.EMAIL_VERIFICATION_REQUIRED,
    phoneVerificationRequired: config.PHONE_VERIFICATION_REQUIRED,
    maxAddresses: config.MAX_ADDRESSES_PER_CUSTOMER,
    consentMode: config.CONSENT_MODE,
    passwordMinLength: config.PASSWORD_MIN_LENGTH,
    defaultLanguage: config.DEFAULT_LANGUAGE,
    defaultCurrency: config.DEFAULT_CURRENCY,
    defaultTimezone: config.DEFAULT_TIMEZONE
  })

const logLevels = { debug: "Debug", info: "Info", warn: "Warn", error: "Error" } as const

/** Log lines as JSON in production, for people elsewhere. */
export const logging = (config: AppConfig) =>
  Layer.mergeAll(
    Logger.layer([config.NODE_ENV === "production" ? Logger.consoleJson : Logger.consolePretty()]),
    Layer.succeed(References.MinimumLogLevel, logLevels[config.LOG_LEVEL])
  )

const routes = (config: AppConfig) =>
  Layer.mergeAll(
    HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
      Layer.provide([customerHandlers.layer, addressHandlers.layer])
    ),
    operations.layer,
    Gateway.layer({ maxConcurrentRequests: config.MAX_CONCURRENT_REQUESTS })
  ).pipe(
    Layer.provide(authorization.layer),
    Layer.provide(
      Access.layer({ perUser: config.RATE_LIMIT_PER_MINUTE, perClient: config.RATE_LIMIT_CLIENT_PER_MINUTE })
    )
  )

const server = (config: AppConfig) =>
  NodeHttpServer.layer(() => createServer({ keepAliveTimeout: 65_000 }), {
    host: config.HOST,
    port: config.SERVICE_PORT
  })

/** The whole service: ports and their adapters as the configuration says, behind the HTTP API. */
export const layer = (config: AppConfig) =>
  Layer.mergeAll(
    HttpRouter.serve(routes(config), { disableLogger: true, disableListenLog: true }),
    greeting.layer(config)
  ).pipe(
    Layer.provide(server(config)),
    Layer.provide([Health.layer, migrateOnStart.layer(migratesOnStart(config)), sweeping.layer]),
    Layer.provide([Storage.customers(config), Argon2PasswordHasher.layer, tokens.layer(config)]),
    Layer.provide([Storage.nearby(config), Storage.database(config)]),
    Layer.provide([
      SecureRandom.layerWebCrypto,
      policy(config),
      Layer.succeed(EventSource, config.SERVICE_NAME),
      logging(config)
    ])
  )
