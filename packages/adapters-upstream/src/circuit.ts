import { Effect, Exit, Metric, Option, Schedule, Stream } from "effect"
import { CircuitBreaker } from "effect/persistence"
import type { Reason } from "./Reason.ts"

/** Opens when half of the last ten calls failed, once there were five. */
const tripPolicy = CircuitBreaker.rate({ threshold: 0.5, size: 10, minimumCalls: 5 })

/** The pause before a single call tries whether the service is back: twice as long after each that failed. */
const pause = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("30 seconds")])

const changes = Metric.counter("customer_upstream_circuit_changes_total", {
  description: "Times that a circuit opened, let a call try, or closed again",
  incremental: true
})

/** Told once when a service is given up, and once when it is asked again. */
const tell = (service: string, change: CircuitBreaker.Transition, reason: Reason | undefined) => {
  if (change.to === "Closed") {
    return Effect.annotateLogs(Effect.logInfo("A service that did not answer is asked again"), { service })
  }
  return change.from === "Closed"
    ? Effect.annotateLogs(Effect.logWarning("A service does not answer and is not asked for a while"), {
        service,
        reason
      })
    : Effect.void
}

/**
 * The circuit to a service: after too many failures calls fail at once with "circuit open", but for one now and then
 * that tries. A call that was interrupted counts for nothing, and a customer that the service does not know is an answer.
 */
export const make = Effect.fnUntraced(function* (service: string) {
  const breaker = yield* CircuitBreaker.make({ tripPolicy, openDuration: pause })
  let latest: Reason | undefined

  const note = (change: CircuitBreaker.Transition) =>
    Effect.andThen(
      Metric.update(Metric.withAttributes(changes, { service, to: change.to }), 1),
      tell(service, change, latest)
    )
  yield* Effect.forkScoped(Stream.runForEach(breaker.transitions, note), { startImmediately: true })

  const classify = <A>(exit: Exit.Exit<A, Reason>): CircuitBreaker.Outcome => {
    const reason = Exit.findErrorOption(exit)
    if (Exit.isSuccess(exit) || Option.contains(reason, "unknown there")) return CircuitBreaker.success
    latest = Option.getOrUndefined(reason)
    return CircuitBreaker.failure()
  }

  return <A>(call: Effect.Effect<A, Reason>): Effect.Effect<A, Reason> =>
    Effect.mapError(breaker.execute(call, { key: service, classify }), (error) =>
      typeof error === "string" ? error : "circuit open"
    )
})
