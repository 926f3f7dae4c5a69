import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Layer } from "effect"
import type { HttpClient } from "effect/http"
import { defaults, type UpstreamOptions } from "./UpstreamOptions.ts"

/** An answer is a handful of fields; the connection of a longer one is closed. */
const mostBytes = 64 * 1024

/** A client that keeps connections for the next call. It follows no redirects: the token is for this service alone. */
export const layer = ({
  concurrency = defaults.concurrency,
  timeoutMillis = defaults.timeoutMillis
}: UpstreamOptions): Layer.Layer<HttpClient.HttpClient> =>
  NodeHttpClient.layerUndiciNoDispatcher.pipe(
    Layer.provide(
      NodeHttpClient.layerDispatcherOptions({
        connections: concurrency,
        maxResponseSize: mostBytes,
        // What nobody waits for any more is not kept half open.
        connect: { timeout: timeoutMillis }
      })
    )
  )
