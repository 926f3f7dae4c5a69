import { CommonPasswordList, NodeDigest, PasswordHashing } from "@customer-service/adapters-security"
import { Api } from "@customer-service/api"
import { CountingSecret, EventSource, MembershipReviews } from "@customer-service/core"
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import * as addressHandlers from "./addresses/addressHandlers.ts"
import * as analyticsHandlers from "./analytics/analyticsHandlers.ts"
import { type AppConfig, migratesOnStart } from "./AppConfig.ts"
import * as bus from "./events/bus.ts"
import * as deliveries from "./events/deliveries.ts"
import * as relay from "./events/relay.ts"
import * as customerHandlers from "./customers/customerHandlers.ts"
import * as hotRead from "./customers/hotRead.ts"
import * as Access from "./gateway/Access.ts"
import * as authorization from "./gateway/authorization.ts"
import { BodiesUnderWay } from "./gateway/bodiesUnderWay.ts"
import { FrontDoor } from "./gateway/FrontDoor.ts"
import { FingerprintSecret } from "./gateway/idempotency.ts"
import * as Callers from "./gateway/callerOf.ts"
import * as Gateway from "./gateway/Gateway.ts"
import { UnderWay } from "./gateway/UnderWay.ts"
import * as accountHandlers from "./identity/accountHandlers.ts"
import * as authHandlers from "./identity/authHandlers.ts"
import * as pages from "./identity/pages.ts"
import { identityPolicy } from "./identityPolicy.ts"
import * as timelineHandlers from "./journey/timelineHandlers.ts"
import { logging } from "./logging.ts"
import * as mail from "./mail.ts"
import * as courier from "./operations/courier.ts"
import * as Health from "./operations/Health.ts"
import * as greeting from "./operations/greeting.ts"
import * as housekeeping from "./operations/housekeeping.ts"
import * as migrateOnStart from "./operations/migrateOnStart.ts"
import { Neighbours } from "./operations/neighbours.ts"
import * as quantiles from "./operations/quantiles.ts"
import * as operations from "./operations/routes.ts"
import { eventPolicy, policy, standingPolicy } from "./policy.ts"
import * as privacyHandlers from "./privacy/privacyHandlers.ts"
import * as holders from "./privacy/holders.ts"
import * as receipts from "./receipts.ts"
import * as segmentHandlers from "./segment/segmentHandlers.ts"
import * as segmentsHandlers from "./segments/segmentsHandlers.ts"
import * as membershipUpkeep from "./segments/upkeep.ts"
import * as Storage from "./Storage.ts"
import * as tokens from "./tokens.ts"
import * as upstreams from "./upstreams.ts"

const routes = (config: AppConfig) =>
  Layer.mergeAll(
    HttpApiBuilder.layer(Api).pipe(
      Layer.provide([
        customerHandlers.layer,
        addressHandlers.layer,
        authHandlers.layer,
        accountHandlers.layer,
        privacyHandlers.layer,
        segmentHandlers.layer,
        segmentsHandlers.layer,
        analyticsHandlers.layer,
        timelineHandlers.layer
      ])
    ),
    operations.layer,
    pages.layer,
    deliveries.layer(config),
    Gateway.layer,
    hotRead.layer
  ).pipe(
    Layer.provide(authorization.layer),
    Layer.provide(
      Access.layer({ perUser: config.RATE_LIMIT_PER_MINUTE, perClient: config.RATE_LIMIT_CLIENT_PER_MINUTE })
    )
  )

// Neither capitals nor doubled slashes are another spelling of a path, so that a guard in front can name it.
const spelling = { caseSensitive: true, ignoreDuplicateSlashes: false }

// Milliseconds. A load balancer keeps its lines for a minute, and must not find one ended; a caller who takes longer to
// say 64 KiB than these means no good.
const patience = {
  keepAliveTimeout: 65_000,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 5000
}

const server = (config: AppConfig) =>
  Layer.unwrap(
    Effect.map(FrontDoor, (door) => NodeHttpServer.layer(() => door, { host: config.HOST, port: config.SERVICE_PORT }))
  )

/** The whole service: ports and their adapters as the configuration says, behind the HTTP API. */
export const layer = (config: AppConfig) =>
  Layer.mergeAll(
    HttpRouter.serve(routes(config), { disableLogger: true, disableListenLog: true }),
    greeting.layer(config),
    courier.layer,
    relay.layer(config),
    membershipUpkeep.layer,
    housekeeping.layer(config),
    quantiles.layer
  ).pipe(
    Layer.provideMerge(server(config)),
    Layer.provide(Storage.segmentWatch(config)),
    Layer.provide([Health.layer, migrateOnStart.layer(migratesOnStart(config)), holders.layer]),
    Layer.provide([Storage.customers(config), Storage.records(config), mail.layer(config), tokens.layer(config)]),
    Layer.provide([bus.layer(config), upstreams.layer(config)]),
    Layer.provide([Storage.nearby(config), Storage.database(config)]),
    Layer.provide([
      MembershipReviews.layerBell,
      Layer.succeed(HttpRouter.RouterConfig, spelling),
      FrontDoor.layer(patience),
      Callers.layer(config.TRUSTED_PROXIES),
      UnderWay.layer(config.MAX_CONCURRENT_REQUESTS),
      BodiesUnderWay.layer,
      SecureRandom.layerWebCrypto,
      NodeDigest.layer,
      PasswordHashing.layer({
        algorithm: config.PASSWORD_ALGORITHM,
        bcryptCost: config.BCRYPT_COST,
        mostWaiting: config.MAX_WAITING_PASSWORDS
      }),
      CommonPasswordList.layer,
      receipts.layer(config),
      receipts.ReceiptKeys.layer(config),
      Neighbours.layer(config),
      policy(config),
      standingPolicy(config),
      eventPolicy(config),
      identityPolicy(config),
      Layer.sync(FingerprintSecret, () => tokens.sharedSecret(config)),
      Layer.sync(CountingSecret, () => tokens.sharedSecret(config)),
      Layer.succeed(EventSource, config.SERVICE_NAME),
      logging(config)
    ])
  )
