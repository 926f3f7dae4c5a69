import type { Failure } from "@customer-service/api"
import { Context, Effect, Fiber, Layer } from "effect"
import type { HttpServerRequest } from "effect/http"
import type { IncomingMessage } from "node:http"

/** How many bodies one network address may be sending at a time where nobody needs a token. */
const mostOfAddress = 20

/** How many bodies there may be under way in all where nobody needs a token: 25 MiB, each at its largest. */
const mostInAll = 400

/** Whoever means it has sent what such a door takes, a form of a few fields, long before. In seconds. */
const patienceSeconds = 5

/** Why a body is not read, or no longer. */
export interface BodyRefusal {
  readonly failure: Failure
  readonly headers?: Readonly<Record<string, string>>
}

const tooMany: BodyRefusal = {
  failure: {
    code: "RATE_LIMITED",
    message: `At most ${mostOfAddress} bodies may be under way from one address; try again shortly`
  },
  headers: { "retry-after": "1" }
}

const busy: BodyRefusal = {
  failure: { code: "SERVICE_UNAVAILABLE", message: "Too many bodies are under way; try again shortly" }
}

// What would still come is not read: the line cannot be used for another request.
const late: BodyRefusal = {
  failure: {
    code: "VALIDATION_FAILED",
    message: "The request is not valid",
    details: [{ path: "", message: `must have arrived within ${patienceSeconds} seconds` }]
  },
  headers: { connection: "close" }
}

/** Whether nothing of a body is waited for any more. */
const hasArrived = ({ source }: HttpServerRequest.HttpServerRequest): boolean => (source as IncomingMessage).complete

/** A reading of a body: what is wrong with it, if anything. */
type Reading = Effect.Effect<Failure | undefined>

const reported = (failure: Failure | undefined): BodyRefusal | undefined =>
  failure === undefined ? undefined : { failure }

/** To interrupt a reading would end the line before its answer is out; it ends with the line instead. */
const inTime = (reading: Reading): Effect.Effect<BodyRefusal | undefined> =>
  Effect.flatMap(Effect.forkDetach(reading), (fiber) =>
    Effect.timeoutOrElse(Effect.map(Fiber.join(fiber), reported), {
      duration: `${patienceSeconds} seconds`,
      orElse: () => Effect.succeed(late)
    })
  )

/** The bodies that are being sent at the doors that are open to everybody. */
export class BodiesUnderWay extends Context.Service<
  BodiesUnderWay,
  {
    /**
     * Reads a body that somebody at this address sends, who may be anybody: within its time, and unless there are too
     * many under way already. Undefined where all is well.
     */
    readonly read: (
      request: HttpServerRequest.HttpServerRequest,
      address: string | undefined,
      reading: Reading
    ) => Effect.Effect<BodyRefusal | undefined>
  }
>()("@customer-service/http/BodiesUnderWay") {
  static readonly layer = Layer.sync(BodiesUnderWay, () => make())
}

const make = () => {
  const byAddress = new Map<string, number>()
  let inAll = 0

  const enter = (address: string): BodyRefusal | undefined => {
    const ofAddress = byAddress.get(address) ?? 0
    if (ofAddress >= mostOfAddress) return tooMany
    if (inAll >= mostInAll) return busy
    byAddress.set(address, ofAddress + 1)
    inAll += 1
    return undefined
  }

  const leave = (address: string): void => {
    const left = (byAddress.get(address) ?? 1) - 1
    if (left > 0) byAddress.set(address, left)
    else byAddress.delete(address)
    inAll -= 1
  }

  return BodiesUnderWay.of({
    read: (request, address = "unknown", reading) =>
      hasArrived(request)
        ? Effect.map(reading, reported)
        : Effect.acquireUseRelease(
            Effect.sync(() => enter(address)),
            (refusal) => (refusal === undefined ? inTime(reading) : Effect.succeed(refusal)),
            (refusal) => (refusal === undefined ? Effect.sync(() => leave(address)) : Effect.void)
          )
  })
}
