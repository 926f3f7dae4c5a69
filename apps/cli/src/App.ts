import { PgCustomerBulk } from "@customer-service/adapters-postgres"
import { RedisConnection } from "@customer-service/adapters-redis"
import { EventSource } from "@customer-service/core"
import { AppConfig, policy, Storage, tokens } from "@customer-service/http"
import { layer as nodeServices } from "@effect/platform-node/NodeServices"
import { Cause, Effect, Exit, Layer, Logger, type Redacted, Result, type Runtime } from "effect"
import { CliConfig, CliOutput, Command, GlobalFlag } from "effect/cli"
import { SecureRandom } from "effect/crypto"
import { FetchHttpClient } from "effect/http"
import { readFileSync } from "node:fs"
import { demoFill } from "./commands/demoFill.ts"
import { doctor } from "./commands/doctor.ts"
import { migrateStatus } from "./commands/migrateStatus.ts"
import { migrateUp } from "./commands/migrateUp.ts"
import { openapi } from "./commands/openapi.ts"
import { tokenIssue } from "./commands/tokenIssue.ts"
import { configuration } from "./configuration.ts"
import { type Check, hostOf, skipped } from "./doctor/Check.ts"
import { configurationChecks } from "./doctor/configurationChecks.ts"
import { dataDirectoryCheck, hasDatabase } from "./doctor/dataDirectory.ts"
import { databaseChecks, orTrouble, versionCheck } from "./doctor/databaseChecks.ts"
import { externalKeysCheck } from "./doctor/externalKeysCheck.ts"
import { redisCheck } from "./doctor/redisCheck.ts"
import { endingOf, exitCodes } from "./failures.ts"
import { presenter, remark } from "./output.ts"

/** A layer that the configuration decides; it is read when a command needs it, so that help works without. */
const configured = <A, E, R>(build: (config: AppConfig.AppConfig) => Layer.Layer<A, E, R>) =>
  Layer.unwrap(Effect.map(configuration, build))

const database = configured(Storage.database)

const bulk = configured((config) =>
  Layer.mergeAll(PgCustomerBulk.layer, policy(config), Layer.succeed(EventSource, config.SERVICE_NAME)).pipe(
    Layer.provideMerge(Storage.database(config)),
    Layer.provide(SecureRandom.layerWebCrypto)
  )
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
  Command.withSubcommands([doctor(examination), migrate, token, demo, openapi])
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
