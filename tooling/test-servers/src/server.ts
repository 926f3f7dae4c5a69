export type ServerName = "postgres" | "redis"

/** What we call each server where people read it, and the oldest major version that will do. */
export const requirements: Readonly<Record<ServerName, { readonly title: string; readonly minimum: number }>> = {
  postgres: { title: "PostgreSQL", minimum: 15 },
  redis: { title: "Redis", minimum: 7 }
}

export interface PostgresOptions {
  /** Keeps what a crash would lose (fsync on, larger buffers): for benchmarks, and before a `kill`. Default: false. */
  readonly durable?: boolean
}

export interface RedisOptions {
  /** Keeps an append-only file and flushes it to disk so often. Default: none, and data is written at `stop` alone. */
  readonly appendFsync?: "always" | "everysec"
}

export interface ServerOptions extends PostgresOptions, RedisOptions {}

/** A server of one's own, listening on loopback until it is stopped or destroyed. */
export interface Server {
  /** Address, with the credentials of a superuser where there are any; it stays the same over `stop` and `start`. */
  readonly url: string
  /** Where the server came from, for people to read. */
  readonly origin: string
  /** Shuts the server down cleanly; its data stays. */
  readonly stop: () => Promise<void>
  /** Ends all its processes at once (SIGKILL), as a crash would: what it had not yet written is lost. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port with the same data; resolves when it answers. */
  readonly start: () => Promise<void>
  /** Freezes it: connections stay open and nothing answers, as with a hung machine. */
  readonly pause: () => Promise<void>
  readonly resume: () => Promise<void>
  /** Ends it without ceremony and removes its data. */
  readonly destroy: () => Promise<void>
}
