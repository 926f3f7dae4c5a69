import { Api } from "@customer-service/api"
import { PublicKeys } from "@customer-service/adapters-security"
import { Effect, Layer, Metric } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { HttpApiScalar, OpenApi } from "effect/http-api"
import { PrometheusMetrics } from "effect/observability"
import { ReceiptKeys } from "../receipts.ts"
import { Health } from "./Health.ts"

const live = HttpRouter.add("GET", "/health/live", HttpServerResponse.jsonUnsafe({ status: "up" }))

const ready = HttpRouter.use((router) =>
  Effect.flatMap(Health, (health) =>
    router.add(
      "GET",
      "/health/ready",
      Effect.map(health.readiness, (readiness) =>
        HttpServerResponse.jsonUnsafe(readiness, { status: readiness.ready ? 200 : 503 })
      )
    )
  )
)

const cpuSeconds = Metric.gauge("process_cpu_seconds_total", {
  description: "User and system CPU time used, in seconds"
})
const residentBytes = Metric.gauge("process_resident_memory_bytes", { description: "Resident memory, in bytes" })

const metrics = HttpRouter.add(
  "GET",
  "/metrics",
  Effect.gen(function* () {
    const { system, user } = process.cpuUsage()
    yield* Metric.update(cpuSeconds, (system + user) / 1e6)
    yield* Metric.update(residentBytes, process.memoryUsage.rss())
    return HttpServerResponse.text(yield* PrometheusMetrics.format(), {
      contentType: "text/plain; version=0.0.4; charset=utf-8"
    })
  })
)

const publicKeys = HttpRouter.use((router) =>
  Effect.flatMap(PublicKeys, ({ keys }) =>
    router.add("GET", "/.well-known/jwks.json", HttpServerResponse.jsonUnsafe({ keys }))
  )
)

const receiptKeys = HttpRouter.use((router) =>
  Effect.flatMap(ReceiptKeys, ({ keys }) =>
    router.add("GET", "/.well-known/receipt-keys.json", HttpServerResponse.jsonUnsafe({ keys }))
  )
)

// Written when it is first asked for, and once: it takes milliseconds, and anybody may ask.
const documentText = Effect.cached(Effect.sync(() => JSON.stringify(OpenApi.fromApi(Api))))

const document = HttpRouter.use((router) =>
  Effect.flatMap(documentText, (text) =>
    router.add(
      "GET",
      "/openapi.json",
      Effect.map(text, (json) => HttpServerResponse.text(json, { contentType: "application/json" }))
    )
  )
)

// The page comes in one piece, and may reach nothing but this service: whatever is in its script.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src data:",
  "connect-src 'self'",
  "worker-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join("; ")

const confined = HttpRouter.middleware(
  Effect.map(HttpServerResponse.setHeader("content-security-policy", contentSecurityPolicy))
).layer

// The page's own fonts would come from elsewhere.
const docs = HttpApiScalar.layer(Api, { path: "/docs", scalar: { withDefaultFonts: false } }).pipe(
  Layer.provide(confined)
)

/** What operators and their tools ask: health, metrics, keys, and the documentation. */
export const layer = Layer.mergeAll(live, ready, metrics, publicKeys, receiptKeys, document, docs)
