import { EventPublisher, type OutboxEvent } from "@customer-service/core"
import { Effect, Layer, Semaphore } from "effect"
import { type Bulk, bulksOf } from "./bulks.ts"
import { failureOf, isAboutBulk, readFailure, type RequestFailure, unavailable } from "./requestFailure.ts"
import * as SidecarClient from "./SidecarClient.ts"

export interface DaprEventPublisherSettings extends SidecarClient.SidecarSettings {
  /** Milliseconds that a request waits for its answer. Default: 2000. */
  readonly timeoutMillis?: number
  /** Requests under way at a time, however many publish. Default: 32. */
  readonly concurrency?: number
}

type Publications = ReadonlyArray<EventPublisher.Publication>

/** What the requests of one call know of each other: after one that hangs, the others are not even begun. */
interface Attempt {
  isHanging: boolean
}

const published = ({ events }: Bulk): Publications => events.map((event) => ({ event, failure: undefined }))

/** What a failed bulk says of its events: where it names entries, and they are ours, the others went out. */
const publicationsOf = ({ events }: Bulk, failure: RequestFailure): Publications => {
  const ids = new Set(events.map(({ envelope }) => envelope.eventId))
  const failed = new Set(failure.failedEntries)
  const isTold = failed.size > 0 && failed.isSubsetOf(ids)
  const isPublished = ({ envelope }: OutboxEvent) => isTold && !failed.has(envelope.eventId)
  return events.map((event) => ({ event, failure: isPublished(event) ? undefined : unavailable(failure) }))
}

/** The requests of one publisher, each bounded in time. */
const makeRequests = (settings: DaprEventPublisherSettings, client: SidecarClient.SidecarClient) => {
  const { concurrency = 32, timeoutMillis = 2000 } = settings
  const slots = Semaphore.makeUnsafe(concurrency)
  const hanging: RequestFailure = { waited: timeoutMillis, failedEntries: [] }

  const giveUp = (attempt: Attempt) =>
    Effect.suspend(() => {
      attempt.isHanging = true
      // What nobody waits for any more must not pile up, nor publish long afterwards.
      return Effect.andThen(Effect.promise(client.breakOff), Effect.fail(hanging))
    })

  const request = (send: () => Promise<void>, attempt: Attempt) =>
    Effect.suspend(() =>
      attempt.isHanging
        ? Effect.fail(hanging)
        : Effect.timeoutOrElse(Effect.tryPromise({ try: send, catch: readFailure }), {
            duration: timeoutMillis,
            orElse: () => giveUp(attempt)
          })
    ).pipe(slots.withPermits(1))

  const publishOne = (event: OutboxEvent, attempt: Attempt): Effect.Effect<EventPublisher.Publication> =>
    Effect.match(
      request(() => client.publish(event), attempt),
      {
        onSuccess: () => ({ event, failure: undefined }),
        onFailure: (failure) => ({ event, failure: failureOf(failure) })
      }
    )

  const publishEach = ({ events }: Bulk, attempt: Attempt): Effect.Effect<Publications> =>
    Effect.forEach(events, (event) => publishOne(event, attempt), { concurrency })

  return (bulk: Bulk, attempt: Attempt): Effect.Effect<Publications> =>
    bulk.events.length === 1
      ? publishEach(bulk, attempt)
      : Effect.matchEffect(
          request(() => client.publishBulk(bulk), attempt),
          {
            onSuccess: () => Effect.succeed(published(bulk)),
            onFailure: (failure) =>
              isAboutBulk(failure) ? publishEach(bulk, attempt) : Effect.succeed(publicationsOf(bulk, failure))
          }
        )
}

const make = Effect.fnUntraced(function* (settings: DaprEventPublisherSettings) {
  const publishBulk = makeRequests(settings, yield* SidecarClient.make(settings))
  return EventPublisher.EventPublisher.of({
    publish: Effect.fnUntraced(function* (events) {
      const attempt: Attempt = { isHanging: false }
      const outcomes = yield* Effect.forEach(bulksOf(events), (bulk) => publishBulk(bulk, attempt), {
        concurrency: "unbounded"
      })
      const failures = new Map(outcomes.flat().map(({ event, failure }) => [event, failure]))
      return events.map((event) => ({ event, failure: failures.get(event) }))
    })
  })
})

/**
 * Publishes through a Dapr sidecar's HTTP API, as CloudEvents whose `data` is the envelope and whose `id` is the
 * event's. Events of one topic travel together: measured with 1.14 on Redis, a bulk of a hundred takes half the time
 * of a bare loop of single requests, and a tenth of the work in this process.
 *
 * Refused is an event that the sidecar does not take by itself either, with 400, 413 or 422. Everything else is the
 * bus's: no connection, no answer in time, a status about the caller, the component or the moment, a 5xx.
 */
export const layer = (settings: DaprEventPublisherSettings): Layer.Layer<EventPublisher.EventPublisher> =>
  Layer.effect(EventPublisher.EventPublisher, make(settings))
