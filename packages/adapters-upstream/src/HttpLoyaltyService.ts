import { type LoyaltyBalance, LoyaltyService } from "@customer-service/core"
import { Effect, Layer, Option, Schema } from "effect"
import { CircuitBreaker } from "effect/persistence"
import { Count, dataOf } from "./answerSchemas.ts"
import * as askService from "./askService.ts"
import * as upstreamClient from "./upstreamClient.ts"
import type { UpstreamOptions } from "./UpstreamOptions.ts"

const Balance = Schema.Struct({ points: Schema.Union([Count, Schema.Struct({ points: Count })]) })

const decode = Schema.decodeUnknownOption(Balance)

const balanceOf = ({ points }: typeof Balance.Type): LoyaltyBalance =>
  typeof points === "number" ? { points } : points

const make = (options: UpstreamOptions) =>
  Effect.gen(function* () {
    const points = yield* askService.make(
      {
        service: "loyalty",
        path: (id) => `/loyalty/customer/${id}/points`,
        read: (body) => Option.map(decode(dataOf(body)), balanceOf)
      },
      options
    )
    return LoyaltyService.of({ points })
  })

/**
 * The loyalty service over HTTP: `GET {url}/loyalty/customer/{id}/points`, whose answer has `points`, a number or an
 * object with one of that name, as it is or under `data`.
 */
export const layer = (options: UpstreamOptions): Layer.Layer<LoyaltyService> =>
  Layer.effect(LoyaltyService, make(options)).pipe(
    Layer.provide([upstreamClient.layer(options), CircuitBreaker.layerStoreMemory()])
  )
