import { Context, Effect, Layer, Redacted, Schema } from "effect"
import { Redis } from "ioredis"

/** Redis gave no answer in time, or refused; `command` names what was asked, without keys or values. */
export class RedisUnavailable extends Schema.TaggedError<RedisUnavailable>()("RedisUnavailable", {
  command: Schema.String
}) {}

/** One connection to Redis, shared by the adapters; commands issued together travel together. */
export class RedisConnection extends Context.Service<
  RedisConnection,
  {
    readonly client: Redis
    /** Runs a command; a connection that is down fails it at once instead of queueing it. */
    readonly run: <A>(command: string, send: (client: Redis) => Promise<A>) => Effect.Effect<A, RedisUnavailable>
    /**
     * Names the server's run, which ends when it is restarted or another takes its place: what it holds from
     * before may be older than what it was last told. Undefined while there is no connection.
     */
    readonly serverRun: () => string | undefined
  }
>()("@customer-service/adapters-redis/RedisConnection") {}

const connect = (url: string) =>
  new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    // Gathered from a whole turn of the event loop already: waiting for another would only delay it.
    autoPipeliningIgnoredCommands: ["countAndRead", "putCustomersIfNewer"],
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 2000,
    socketTimeout: 500,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000)
  })

/** Asks each new connection which run of the server it leads to. */
const followRuns = (client: Redis): (() => string | undefined) => {
  let current: string | undefined
  const ask = async (): Promise<void> => {
    current = /run_id:(\w{16})/.exec(await client.info("server"))?.[1]
  }
  client.on("close", () => {
    current = undefined
  })
  // A connection that does not tell is lost before long; the next is asked again.
  client.on("ready", () => void ask().catch(() => {}))
  return () => current
}

const make = (url: Redacted.Redacted) =>
  Effect.gen(function* () {
    const client = yield* Effect.acquireRelease(
      Effect.sync(() => connect(Redacted.value(url))),
      (redis) => Effect.sync(() => redis.disconnect())
    )
    // Each command reports its own failure; without a listener Node would end the process on a lost connection.
    client.on("error", () => {})
    const serverRun = followRuns(client)
    // The run is asked for before the second question, and so known when that one is answered.
    yield* Effect.ignore(Effect.tryPromise(() => client.connect().then(() => client.ping())))
    return RedisConnection.of({
      client,
      serverRun,
      run: (command, send) =>
        Effect.callback((resume) => {
          send(client).then(
            (answer) => resume(Effect.succeed(answer)),
            () => resume(Effect.fail(new RedisUnavailable({ command })))
          )
        })
    })
  })

/** Connects to `url`; a Redis that is down does not keep the service from starting. */
export const layer = (url: Redacted.Redacted): Layer.Layer<RedisConnection> => Layer.effect(RedisConnection, make(url))
