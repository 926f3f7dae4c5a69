import { Context, Effect, Layer } from "effect"
import { type AppConfig } from "../AppConfig.ts"

/** A service beside this one, and where a question shows that it is there. */
export interface Neighbour {
  readonly name: "orders" | "loyalty" | "sidecar"
  readonly url: string
  /** Whether any answer will do, or only a good one. */
  readonly anyAnswer: boolean
}

/** The services that this one works with, as the configuration says; it works on without them. */
export class Neighbours extends Context.Service<Neighbours, ReadonlyArray<Neighbour>>()(
  "@customer-service/http/Neighbours"
) {
  static readonly layer = (config: AppConfig) => Layer.succeed(Neighbours, neighboursOf(config))
}

/** The sidecar says so itself; of other services any answer shows that they are there. */
export const neighboursOf = (config: AppConfig): ReadonlyArray<Neighbour> => {
  const { DAPR_HOST, DAPR_HTTP_PORT, EVENT_BUS, LOYALTY_SERVICE_URL, ORDER_SERVICE_URL } = config
  const sidecar = `http://${DAPR_HOST}:${DAPR_HTTP_PORT}/v1.0/healthz/outbound`
  return [
    ...(EVENT_BUS === "dapr" ? [{ name: "sidecar" as const, url: sidecar, anyAnswer: false }] : []),
    ...(ORDER_SERVICE_URL === undefined ? [] : [{ name: "orders" as const, url: ORDER_SERVICE_URL, anyAnswer: true }]),
    ...(LOYALTY_SERVICE_URL === undefined
      ? []
      : [{ name: "loyalty" as const, url: LOYALTY_SERVICE_URL, anyAnswer: true }])
  ]
}

const patience = 300

/** Whether a neighbour answers in time. Whoever asks whether we are ready waits a second at most, in Kubernetes by default. */
export const answers = ({ anyAnswer, url }: Neighbour): Effect.Effect<boolean> =>
  Effect.promise(async () => {
    try {
      const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(patience) })
      await answer.body?.cancel()
      return anyAnswer || answer.ok
    } catch {
      return false
    }
  })
