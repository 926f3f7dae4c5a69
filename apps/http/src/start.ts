import type { InputIssue } from "@customer-service/core"
import { Cause, Effect, Exit, Layer, Result, type Runtime } from "effect"
import * as App from "./App.ts"
import { read } from "./AppConfig.ts"

/** Exit codes: the service ended as it was asked to, it failed, or its configuration is wrong. */
const exitCodes = { done: 0, failed: 1, misconfigured: 2 } as const

class Misconfigured extends Error {
  override readonly name = "Misconfigured"
}

const listed = (issues: ReadonlyArray<InputIssue>): string =>
  ["The configuration is not valid:", ...issues.map(({ message, path }) => `  ${path} ${message}`)].join("\n")

const complain = (text: string) => Effect.sync(() => process.stderr.write(`${text}\n`))

/** One line for people about a start that failed; the causes that can be told are told by their own words. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return "The service could not start"
  const inner = "cause" in error && error.cause instanceof Error ? `: ${error.cause.message}` : ""
  return `The service could not start: ${error.name} ${error.message}${inner}`
}

/** Reads the configuration and runs the service until it is told to end. */
export const start = (environment: Readonly<Record<string, string | undefined>>): Effect.Effect<never, unknown> =>
  Effect.suspend((): Effect.Effect<never, unknown> => {
    const config = read(environment)
    if (Result.isFailure(config)) {
      return Effect.andThen(complain(listed(config.failure)), Effect.fail(new Misconfigured()))
    }
    return Layer.launch(App.layer(config.success)).pipe(
      Effect.tapCause((cause) =>
        Cause.hasInterruptsOnly(cause) ? Effect.void : complain(explain(Cause.squash(cause)))
      )
    )
  })

/** A service that was told to end has done its work: that is success. */
export const teardown: Runtime.Teardown = (exit, onExit) => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return onExit(exitCodes.done)
  return onExit(Cause.squash(exit.cause) instanceof Misconfigured ? exitCodes.misconfigured : exitCodes.failed)
}
