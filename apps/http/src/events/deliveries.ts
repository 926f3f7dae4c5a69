import { Delivery, Subscriptions } from "@customer-service/adapters-dapr"
import type { Failure } from "@customer-service/api"
import { CorrelationId, IncomingEvents, type IncomingMessage, incomingTopics } from "@customer-service/core"
import { ByteSize, Effect, Layer, Redacted } from "effect"
import { HttpIncomingMessage, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createHash, timingSafeEqual } from "node:crypto"
import type { AppConfig } from "../AppConfig.ts"
import { describe } from "../gateway/describeCause.ts"
import { failureResponse } from "../gateway/failureResponse.ts"

/**
 * The largest delivery that is read. What is larger is delivered again and again, and holds up its topic: a bulk holds
 * a hundred messages, and a sidecar takes each of up to 4 MiB, which no order is.
 */
const largest = ByteSize.mebibytes(16)

const unauthenticated: Failure = {
  code: "UNAUTHENTICATED",
  message: "Deliveries need the token that the sidecar and this service share (APP_API_TOKEN)"
}
const unreadable: Failure = { code: "VALIDATION_FAILED", message: "The delivery is not JSON, or too large" }

const refuse = (failure: Failure) =>
  Effect.map(CorrelationId, (correlationId = "") => failureResponse(failure, correlationId))

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

type Received = typeof IncomingEvents.receive | typeof IncomingEvents.receiveUndelivered

/** Takes in messages one by one, and keeps the one that it breaks at as a dead letter: it must not hold up its topic. */
const receiveEach = (messages: ReadonlyArray<IncomingMessage>, receive: Received) =>
  Effect.map(
    Effect.forEach(messages, (message) =>
      Effect.catchDefect(receive([message]), (defect) =>
        Effect.andThen(
          Effect.logError("A message could not be taken in", describe(defect)),
          IncomingEvents.receiveBroken([message])
        )
      )
    ),
    (fates) => fates.flat()
  )

/** Takes in a delivery; whatever stands in the way for now, it is delivered again. */
const take = Effect.fnUntraced(function* (body: unknown, topic: string, receive: Received) {
  const delivery = Delivery.read(body, topic)
  const answer = yield* receive(delivery.messages).pipe(
    Effect.catchDefect(() => receiveEach(delivery.messages, receive)),
    Effect.map((fates) => Delivery.answer(delivery, fates)),
    Effect.catchTag("StorageUnavailable", () => Effect.succeed(Delivery.again(delivery)))
  )
  return HttpServerResponse.jsonUnsafe(answer)
})

const bodyOf = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
  Effect.provideService(request.json, HttpIncomingMessage.MaxBodySize, largest)
)

/** The routes by which the sidecar asks what to deliver, and delivers it. Whoever has not its token is told nothing. */
const routes = (token: Redacted.Redacted, pubsubName: string) => {
  const expected = digest(Redacted.value(token))
  const isShown = ({ headers }: HttpServerRequest.HttpServerRequest): boolean =>
    timingSafeEqual(digest(headers["dapr-api-token"] ?? ""), expected)

  const guarded = <E, R>(answer: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
      isShown(request) ? answer : refuse(unauthenticated)
    )

  const delivered = (path: `/${string}`, topic: string, receive: Received) =>
    HttpRouter.add(
      "POST",
      path,
      guarded(
        Effect.matchEffect(bodyOf, {
          onFailure: () => refuse(unreadable),
          onSuccess: (body) => take(body, topic, receive)
        })
      )
    )

  return Layer.mergeAll(
    HttpRouter.add(
      "GET",
      "/dapr/subscribe",
      guarded(Effect.succeed(HttpServerResponse.jsonUnsafe(Subscriptions.subscriptions({ pubsubName }))))
    ),
    ...Object.values(incomingTopics).map((topic) =>
      delivered(`${Subscriptions.messagesRoute}/${topic}`, topic, IncomingEvents.receive)
    ),
    delivered(Subscriptions.undeliveredRoute, Subscriptions.undeliveredTopic, IncomingEvents.receiveUndelivered)
  )
}

/** The sidecar's routes; without a bus there are none. */
export const layer = (config: AppConfig) =>
  config.EVENT_BUS === "dapr" && config.APP_API_TOKEN !== undefined
    ? routes(config.APP_API_TOKEN, config.DAPR_PUBSUB_NAME)
    : Layer.empty
