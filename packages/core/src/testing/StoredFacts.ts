import { Context, Effect, Layer, Option, Struct } from "effect"
import type { AuditEntry } from "../customer/AuditEntry.ts"
import type { ConsentEntry } from "../customer/Consent.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerMemory } from "../customer/CustomerMemory.ts"
import type { OutboxEvent } from "../event/EventEnvelope.ts"

/**
 * What a repository has written beside a customer, oldest first: her events, her lines of the consent
 * ledger and of the audit, her password's hash. The contract looks at it; each adapter's test says where it stands.
 */
export class StoredFacts extends Context.Service<
  StoredFacts,
  {
    readonly events: (id: CustomerId) => Effect.Effect<ReadonlyArray<OutboxEvent>>
    /** Events that are about no customer. */
    readonly eventsOfNobody: Effect.Effect<ReadonlyArray<OutboxEvent>>
    readonly consents: (id: CustomerId) => Effect.Effect<ReadonlyArray<ConsentEntry>>
    readonly audits: (id: CustomerId) => Effect.Effect<ReadonlyArray<AuditEntry>>
    readonly passwordHash: (id: CustomerId) => Effect.Effect<Option.Option<string>>
  }
>()("@customer-service/core/testing/StoredFacts") {
  /** What the repository in memory has written. */
  static readonly layerMemory: Layer.Layer<StoredFacts, never, CustomerMemory> = Layer.effect(
    StoredFacts,
    Effect.map(CustomerMemory, (memory) => ({
      events: (id) =>
        Effect.sync(() =>
          memory.events
            .filter((event) => event.customerId === id)
            .map((event): OutboxEvent => Struct.omit(event, ["actor", "actorKind"]))
        ),
      eventsOfNobody: Effect.sync(() => memory.events.filter((event) => event.customerId === undefined)),
      consents: (id) =>
        Effect.sync(() =>
          memory.consents
            .filter((line) => line.customerId === id)
            .map((line): ConsentEntry => Struct.omit(line, ["customerId"]))
        ),
      audits: (id) =>
        Effect.sync(() =>
          memory.audits
            .filter((entry) => entry.customerId === id)
            .map((entry): AuditEntry => Struct.omit(entry, ["correlationId", "customerId", "customerVersion"]))
        ),
      passwordHash: (id) => Effect.sync(() => Option.fromNullishOr(memory.passwordHashes.get(id)))
    }))
  )
}
