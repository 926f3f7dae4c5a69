import { type KnownCustomer, type UpstreamAnswers, UpstreamUnavailable } from "@customer-service/core"
import { Effect, Metric, type Option, RcMap, Schedule, Semaphore } from "effect"
import * as circuit from "./circuit.ts"
import type { Reason } from "./Reason.ts"
import * as request from "./request.ts"
import { defaults, type UpstreamOptions } from "./UpstreamOptions.ts"

/** What a service is asked about a customer. */
export interface Question<A> {
  readonly service: UpstreamAnswers.Upstream
  /** Where the answer stands, by the id under which the service knows her. */
  readonly path: (id: string) => string
  /** None where the answer is not what it should be. */
  readonly read: (body: unknown) => Option.Option<A>
}

const calls = Metric.counter("customer_upstream_calls_total", {
  description: "Calls of other services, by how they ended",
  incremental: true
})

/**
 * Asks a service about customers, each time within its time: those who ask about one customer at once share one call,
 * which ends when nobody waits for it any more. A refused connection is tried once more, after an eighth of the time.
 */
export const make = Effect.fnUntraced(function* <A>({ path, read, service }: Question<A>, options: UpstreamOptions) {
  const { concurrency = defaults.concurrency, timeoutMillis = defaults.timeoutMillis } = options
  const get = yield* request.make(options)
  const guarded = yield* circuit.make(service)
  const free = yield* Semaphore.make(concurrency)

  const answerOn = (id: string): Effect.Effect<A, Reason> =>
    Effect.flatMap(get(path(id)), (body) => Effect.fromOption(read(body), (): Reason => "unreadable answer"))

  /** Who came from elsewhere may be known by her old id alone. */
  const answerOf = ({ id, legacyId }: KnownCustomer) =>
    legacyId === undefined
      ? answerOn(id)
      : Effect.catchIf(
          answerOn(id),
          (reason) => reason === "unknown there",
          () => answerOn(String(legacyId))
        )

  const inTime = (customer: KnownCustomer) =>
    answerOf(customer).pipe(
      Effect.retry({
        times: 1,
        while: (reason) => reason === "connection refused",
        schedule: Schedule.spaced(timeoutMillis / 8)
      }),
      Effect.timeoutOrElse({ duration: timeoutMillis, orElse: () => Effect.fail<Reason>("no answer in time") })
    )

  const count = (outcome: Reason | "answered") => Metric.update(Metric.withAttributes(calls, { service, outcome }), 1)

  const call = (customer: KnownCustomer) =>
    Effect.flatMap(free.withPermitsIfAvailable(1)(guarded(inTime(customer))), (answer) =>
      Effect.fromOption(answer, (): Reason => "busy")
    ).pipe(
      Effect.tap(() => count("answered")),
      Effect.tapError(count),
      Effect.mapError((reason) => new UpstreamUnavailable({ service, reason }))
    )

  const underWay = yield* RcMap.make({ lookup: call })
  return (customer: KnownCustomer): Effect.Effect<A, UpstreamUnavailable> =>
    Effect.scoped(RcMap.get(underWay, customer))
})
