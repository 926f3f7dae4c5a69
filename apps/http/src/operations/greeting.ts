import { AccessToken } from "@customer-service/core"
import { Console, Effect, Layer } from "effect"
import { HttpServer } from "effect/http"
import { type AppConfig, publicUrl } from "../AppConfig.ts"
import { untilReady } from "./Health.ts"

const tokenSeconds = 3600

/** What a person who has just started the embedded default needs next. */
const welcome = (address: string, token: string): string =>
  [
    "",
    `  Customer service   ${address}/v1/customers`,
    `  Documentation      ${address}/docs`,
    "",
    "  Try it (the token is good for an hour):",
    "",
    `  curl -s ${address}/v1/customers -H 'Authorization: Bearer ${token}'`,
    ""
  ].join("\n")

/** The address that the service is reached at; a port that the system chose is known only now. */
const address = (config: AppConfig) =>
  Effect.map(HttpServer.HttpServer, (server) =>
    config.PUBLIC_URL === undefined && "port" in server.address
      ? publicUrl({ ...config, SERVICE_PORT: Number(server.address.port) })
      : publicUrl(config)
  )

const greet = Effect.fnUntraced(function* (config: AppConfig) {
  const url = yield* address(config)
  yield* untilReady
  yield* Effect.logInfo(`${config.SERVICE_NAME} is ready at ${url}`)
  if (config.DATABASE_URL !== undefined || config.NODE_ENV === "production") return
  const { sign } = yield* AccessToken.TokenSigner
  const token = yield* sign({ subject: "local", scopes: ["customers:admin"], expiresIn: tokenSeconds })
  yield* Console.log(welcome(url, token))
})

/** Says when the service is ready; on the embedded default also how to try it, with a token that works. */
export const layer = (config: AppConfig) => Layer.effectDiscard(Effect.forkScoped(greet(config)))
