import { PgCustomerBulk } from "@customer-service/adapters-postgres"
import { RedisConnection } from "@customer-service/adapters-redis"
import { type ErasureReceipt, EventSource, ReceiptSigner } from "@customer-service/core"
import {
  AppConfig,
  bus,
  eventPolicy,
  holders,
  mail,
  neighbours,
  policy,
  receipts,
  standingPolicy,
  Storage,
  tokens
} from "@customer-service/http"
import { layer as nodeServices } from "@effect/platform-node/NodeServices"
import { Cause, Effect, Exit, Layer, Logger, type Redacted, Result, type Runtime } from "effect"
import { CliConfig, CliOutput, Command, GlobalFlag } from "effect/cli"
import { Digest, SecureRandom } from "effect/crypto"
import { FetchHttpClient } from "effect/http"
import { readFileSync } from "node:fs"
import { demoFill } from "./commands/demoFill.ts"
import { doctor } from "./commands/doctor.ts"
import { eventsDead } from "./commands/eventsDead.ts"
import { eventsDrop } from "./commands/eventsDrop.ts"
import { eventsRelay } from "./commands/eventsRelay.ts"
import { eventsReplay } from "./commands/eventsReplay.ts"
import { eventsRetry } from "./commands/eventsRetry.ts"
import { eventsStatus } from "./commands/eventsStatus.ts"
import { migrateStatus } from "./commands/migrateStatus.ts"
import { migrateUp } from "./commands/migrateUp.ts"
import { openapi } from "./commands/openapi.ts"
import { privacyErase } from "./commands/privacyErase.ts"
import { privacyExport } from "./commands/privacyExport.ts"
import { privacyRunDue } from "./commands/privacyRunDue.ts"
import { privacyVerifyReceipt } from "./commands/privacyVerifyReceipt.ts"
import { segmentsExplain } from "./commands/segmentsExplain.ts"
import { segmentsList } from "./commands/segmentsList.ts"
import { segmentsPreview } from "./commands/segmentsPreview.ts"
import { segmentsRecompute } from "./commands/segmentsRecompute.ts"
import { tiersApply } from "./commands/tiersApply.ts"
import { tiersPreview } from "./commands/tiersPreview.ts"
import { tokenIssue } from "./commands/tokenIssue.ts"
import { configuration } from "./configuration.ts"
import { type Check, hostOf, skipped } from "./doctor/Check.ts"
import { configurationChecks } from "./doctor/configurationChecks.ts"
import { dataDirectoryCheck, hasDatabase } from "./doctor/dataDirectory.ts"
import { databaseChecks, orTrouble, versionCheck } from "./doctor/databaseChecks.ts"
import { externalKeysCheck } from "./doctor/externalKeysCheck.ts"
import { redisCheck } from "./doctor/redisCheck.ts"
import { neighbourCheck } from "./doctor/neighbourCheck.ts"
import { endingOf, exitCodes } from "./failures.ts"
import { presenter, remark } from "./output.ts"
import { actor } from "./privacy/actor.ts"
import { boundedHolders } from "./privacy/outOfReach.ts"

/** A layer that the configuration decides; it is read when a command needs it, so that help works without. */
const configured = <A, E, R>(build: (config: AppConfig.AppConfig) => Layer.Layer<A, E, R>) =>
  Layer.unwrap(Effect.map(configuration, build))

const database = configured(Storage.database)

const bulk = configured((config) =>
  Layer.mergeAll(
    PgCustomerBulk.layer,
    policy(config),
    standingPolicy(config),
    Layer.succeed(EventSource, config.SERVICE_NAME)
  ).pipe(Layer.provideMerge(Storage.database(config)), Layer.provide(SecureRandom.layerWebCrypto))
)

/** Everything that holds something of a customer, as the service has it. */
const personalData = configured((config) =>
  Layer.mergeAll(holders.layer, receipts.layer(config), policy(config), boundedHolders(config), actor).pipe(
    Layer.provideMerge([Storage.customers(config), Storage.records(config), mail.layer(config)]),
    Layer.provide(Storage.nearby(config)),
    Layer.provideMerge(Storage.database(config)),
    Layer.provide([SecureRandom.layerWebCrypto, Digest.layerWebCrypto]),
    Layer.provideMerge(Layer.succeed(EventSource, config.SERVICE_NAME))
  )
)

/** Events and standings, with the cache that they keep up to date. */
const movements = configured((config) =>
  Layer.mergeAll(policy(config), standingPolicy(config), eventPolicy(config)).pipe(
    Layer.provideMerge([Storage.customers(config), Storage.records(config)]),
    Layer.provide(Storage.nearby(config)),
    Layer.provideMerge(Storage.database(config)),
    Layer.provide(SecureRandom.layerWebCrypto),
    Layer.provideMerge(Layer.succeed(EventSource, config.SERVICE_NAME))
  )
)

const events = Command.make("events").pipe(
  Command.withDescription(
    "Events on their way out and messages that came in: what waits, what is dead, and what to do"
  ),
  Command.withExamples([{ command: "customer-service events status" }]),
  Command.withSubcommands([
    Command.provide(eventsStatus, movements),
    Command.provide(eventsDead, movements),
    Command.provide(eventsRetry, movements),
    Command.provide(eventsDrop, movements),
    Command.provide(eventsReplay, movements),
    Command.provide(eventsRelay, Layer.provideMerge(movements, configured(bus.layer)))
  ])
)

const tiers = Command.make("tiers").pipe(
  Command.withDescription("Tiers of customers: who would move under other thresholds, and moving them"),
  Command.withExamples([{ command: "customer-service tiers preview --premium 1500" }]),
  Command.withSubcommands([Command.provide(tiersPreview, movements), Command.provide(tiersApply, movements)])
)

const segments = Command.make("segments").pipe(
  Command.withDescription("Segments of customers: which there are, whom a rule fits, why somebody belongs to one"),
  Command.withExamples([{ command: "customer-service segments list" }]),
  Command.withSubcommands([
    Command.provide(segmentsList, movements),
    Command.provide(segmentsExplain, movements),
    Command.provide(segmentsPreview, movements),
    Command.provide(segmentsRecompute, movements)
  ])
)

const isOurReceipt = (receipt: ErasureReceipt) =>
  Effect.flatMap(ReceiptSigner.ReceiptSigner, (signer) => signer.isGenuine(receipt)).pipe(
    Effect.provide(configured(receipts.layer))
  )

const privacy = Command.make("privacy").pipe(
  Command.withDescription("What is held on a customer: export it, erase it, prove that it is gone"),
  Command.withExamples([
    { command: "customer-service privacy export 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b --out jane.json" }
  ]),
  Command.withSubcommands([
    Command.provide(privacyExport, personalData),
    Command.provide(privacyErase, personalData),
    Command.provide(privacyRunDue, personalData),
    privacyVerifyReceipt(isOurReceipt)
  ])
)

const migrate = Command.make("migrate").pipe(
  Command.withDescription("Bring the database's tables up to date, or see whether they are"),
  Command.withExamples([{ command: "customer-service migrate up" }]),
  Command.withSubcommands([Command.provide(migrateUp, database), Command.provide(migrateStatus, database)])
)

const token = Command.make("token").pipe(
  Command.withDescription("Access tokens"),
  Command.withExamples([{ command: "customer-service token issue --scope customers:read" }]),
  Command.withSubcommands([Command.provide(tokenIssue, configured(tokens.layer))])
)

const demo = Command.make("demo").pipe(
  Command.withDescription("Data to try the service with"),
  Command.withExamples([{ command: "customer-service demo fill 1000" }]),
  Command.withSubcommands([Command.provide(demoFill, bulk)])
)

type Checks = Effect.Effect<Check | ReadonlyArray<Check>>

const examineServer = (config: AppConfig.AppConfig, url: Redacted.Redacted): Checks =>
  orTrouble(
    "database",
    Effect.provide(databaseChecks, Storage.database(config)),
    `start the server at ${hostOf(url)}, or correct DATABASE_URL`
  )

const examineEmbedded = (config: AppConfig.AppConfig): Checks =>
  Effect.flatMap(hasDatabase(config.DATA_DIR), (there) =>
    there
      ? orTrouble(
          "database",
          Effect.provide(databaseChecks, Storage.database(config)),
          `move ${config.DATA_DIR} away or bring it back from a copy`
        )
      : Effect.succeed(skipped("database", "the embedded one will be made at the first start"))
  )

const examineReplica = (config: AppConfig.AppConfig, url: Redacted.Redacted): Checks =>
  orTrouble(
    "read replica",
    Effect.provide(versionCheck("read replica"), Storage.database({ ...config, DATABASE_URL: url })),
    `start the server at ${hostOf(url)}, or correct DATABASE_REPLICA_URL`
  )

const examine = (config: AppConfig.AppConfig): ReadonlyArray<Checks> => {
  const { DATABASE_URL: database, JWT_JWKS_URL: keys, REDIS_URL: redis } = config
  return [
    ...(database === undefined
      ? [dataDirectoryCheck(config.DATA_DIR), examineEmbedded(config)]
      : [examineServer(config, database)]),
    ...AppConfig.replicaUrls(config).map((url) => examineReplica(config, url)),
    ...(redis === undefined ? [] : [Effect.provide(redisCheck(redis), RedisConnection.layer(redis))]),
    ...neighbours.neighboursOf(config).map(neighbourCheck),
    ...(keys === undefined ? [] : [Effect.provide(externalKeysCheck(keys), FetchHttpClient.layer)])
  ]
}

const examination: Effect.Effect<ReadonlyArray<Check>> = Effect.suspend(() => {
  const config = AppConfig.read(process.env)
  const parts = Result.isFailure(config)
    ? [Effect.succeed(skipped("the rest", "until the configuration is valid"))]
    : examine(config.success)
  return Effect.map(Effect.all(parts, { concurrency: "unbounded" }), (found) => [
    ...configurationChecks(process.env),
    ...found.flat()
  ])
})

const root = Command.make("customer-service").pipe(
  Command.withDescription(
    [
      "Operate the customer service. It is configured by the same environment variables as the service itself.",
      "",
      "  Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done, and differences were found.",
      "  Answers go to stdout, everything else to stderr.",
      "  Shell completion: source <(customer-service --completions bash), likewise for zsh, fish and powershell."
    ].join("\n")
  ),
  Command.withExamples([
    { command: "customer-service doctor", description: "See whether everything is as it should be" },
    { command: "customer-service migrate up", description: "Bring the database up to date" }
  ]),
  Command.withSubcommands([doctor(examination), migrate, events, tiers, segments, privacy, token, demo, openapi])
)

const version = (): string => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version

/** Runs the command that this process was called with. */
export const run: Effect.Effect<void, unknown> = Effect.suspend(() => Command.run(root, { version: version() })).pipe(
  Effect.tapCause((cause) => {
    const { line } = endingOf(Cause.squash(cause))
    return Cause.hasInterruptsOnly(cause) || line === undefined ? Effect.void : remark(line)
  }),
  Effect.provide(
    Layer.mergeAll(
      nodeServices,
      CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
      CliOutput.layerPresenter(presenter),
      Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])
    )
  )
)

const interrupted = 130

/** The exit code of a run. */
export const teardown: Runtime.Teardown = (exit, onExit) => {
  if (Exit.isSuccess(exit)) return onExit(exitCodes.done)
  if (Cause.hasInterruptsOnly(exit.cause)) return onExit(interrupted)
  return onExit(endingOf(Cause.squash(exit.cause)).code)
}
