import { Context, Effect, Exit, Layer, Result, Scope } from "effect"
import { HttpServer } from "effect/http"
import { vi } from "vitest"
import * as App from "../../src/App.ts"
import { read } from "../../src/AppConfig.ts"
import { type Answer, type RequestParts, send } from "./requests.ts"
import { jwtSecret } from "./tokens.ts"

/** A service that listens, as its callers see it. */
export interface Service {
  readonly url: string
  readonly send: (method: string, path: string, parts?: RequestParts) => Promise<Answer>
  readonly stop: () => Promise<void>
}

/** Variables of a service under test that speaks only of errors. */
const quietly = { SERVICE_PORT: "0", LOG_LEVEL: "error", JWT_SECRET: jwtSecret }

const configOf = (variables: Readonly<Record<string, string>>) =>
  Result.getOrThrowWith(read({ ...quietly, ...variables }), (issues) => new Error(JSON.stringify(issues)))

const listening = (context: Context.Context<HttpServer.HttpServer>, scope: Scope.Closeable): Service => {
  const { address } = Context.get(context, HttpServer.HttpServer)
  const url = `http://127.0.0.1:${"port" in address ? address.port : ""}`
  return {
    url,
    send: (method, path, parts) => send(url, method, path, parts),
    stop: () => Effect.runPromise(Scope.close(scope, Exit.void))
  }
}

/** Starts the whole service in this process, on a port of the system's choice; resolves when it is ready. */
export const startService = async (variables: Readonly<Record<string, string>>): Promise<Service> => {
  const scope = Scope.makeUnsafe()
  const context = await Effect.runPromise(Layer.buildWithScope(App.layer(configOf(variables)), scope))
  const service = listening(context, scope)
  await vi.waitUntil(async () => (await service.send("GET", "/health/ready")).status === 200, { timeout: 20_000 })
  return service
}
