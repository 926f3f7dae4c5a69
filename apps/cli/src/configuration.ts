import { AppConfig } from "@customer-service/http"
import { Effect } from "effect"
import { Misconfigured } from "./failures.ts"

/** The service's own configuration, from the environment of this process. */
export const configuration: Effect.Effect<AppConfig.AppConfig, Misconfigured> = Effect.suspend(() =>
  Effect.mapError(Effect.fromResult(AppConfig.read(process.env)), (issues) => new Misconfigured({ issues }))
)
