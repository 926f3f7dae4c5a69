import { Context } from "effect"
import type { BoundedHolder } from "./ErasureReceipt.ts"

/** Holders that an erasure cannot reach into, and for how long they keep what they were sent: every receipt names them. */
export const BoundedHolders = Context.Reference<ReadonlyArray<BoundedHolder>>("@customer-service/core/BoundedHolders", {
  defaultValue: () => [
    {
      store: "event bus",
      retention: "streams of bounded length; the event CustomerErased tells every consumer to let go of her too"
    },
    {
      store: "database server",
      retention:
        "dead rows until they are vacuumed, planner statistics until the next ANALYZE, write-ahead log and backups for " +
        "as long as they are kept"
    }
  ]
})
