import type { Effect } from "effect"
import type { SqlError } from "effect/sql"
import { withinPatience } from "./patience.ts"
import { orUnavailable } from "./storageErrors.ts"

/** Fails with `StorageUnavailable` where the database cannot serve, or leaves the caller waiting for 5 seconds. */
export const answering = <A, E, R>(effect: Effect.Effect<A, E | SqlError.SqlError, R>) =>
  withinPatience(orUnavailable(effect))
