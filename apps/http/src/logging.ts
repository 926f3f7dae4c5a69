import { Layer, Logger, References } from "effect"
import type { AppConfig } from "./AppConfig.ts"

const logLevels = { debug: "Debug", info: "Info", warn: "Warn", error: "Error" } as const

/** Log lines as JSON in production, for people elsewhere. */
export const logging = (config: AppConfig): Layer.Layer<never> =>
  Layer.mergeAll(
    Logger.layer([config.NODE_ENV === "production" ? Logger.consoleJson : Logger.consolePretty()]),
    Layer.succeed(References.MinimumLogLevel, logLevels[config.LOG_LEVEL])
  )
