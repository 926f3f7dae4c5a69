import { BoundedHolders } from "@customer-service/core"
import type { AppConfig } from "@customer-service/http"
import { Effect, Layer } from "effect"
import { remark } from "../output.ts"

/** Without Redis each service keeps customers and sessions in its own memory, where no other process reaches them. */
const isOutOfReach = ({ DATABASE_URL, REDIS_URL }: AppConfig.AppConfig): boolean =>
  DATABASE_URL !== undefined && REDIS_URL === undefined

const memoryOf = ({ REDIS_TTL_PROFILE, SESSION_TIMEOUT }: AppConfig.AppConfig) => ({
  store: "memory of running services",
  retention: `customers for at most ${REDIS_TTL_PROFILE} seconds, sessions for at most ${SESSION_TIMEOUT} unused; neither outlives a restart`
})

/** What an erasure by the command line cannot reach into: its receipts name the memory of a service without Redis. */
export const boundedHolders = (config: AppConfig.AppConfig): Layer.Layer<never> =>
  isOutOfReach(config)
    ? Layer.succeed(BoundedHolders, [...BoundedHolders.defaultValue(), memoryOf(config)])
    : Layer.empty

const advice = {
  erase: "restart the service, or let it erase by itself (POST /v1/customers/{id}/erasure)",
  export: "the sessions there are not in this export, but in the service's own (GET /v1/customers/{id}/export)"
}

/** Says on stderr what an erasure or an export by this process does not reach. */
export const warnOutOfReach = (config: AppConfig.AppConfig, doing: keyof typeof advice): Effect.Effect<void> =>
  isOutOfReach(config)
    ? remark(`Without REDIS_URL this command does not reach the memory of a running service: ${advice[doing]}`)
    : Effect.void
