import { Effect } from "effect"
import * as fc from "fast-check"
import * as Decisions from "../customer/CustomerDecisions.ts"
import type { CustomerId } from "../customer/CustomerId.ts"
import { CustomerRepository } from "../customer/CustomerRepository.ts"
import * as AccountDecisions from "../identity/AccountDecisions.ts"
import { type Actor, CurrentActor } from "../request/Actor.ts"
import { CorrelationId } from "../request/CorrelationId.ts"
import { bringing, circumstances, freshWord } from "./strangers.ts"

/** Has something done by somebody, under a correlation id. */
export const acting = <A, E, R>(
  { kind, subject }: Pick<Actor, "kind" | "subject">,
  correlationId: string | undefined,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.provideService(CurrentActor, { kind, subject, scopes: new Set<string>() }),
    Effect.provideService(CorrelationId, correlationId)
  )

/** Keeps somebody out for a reason: an event and a line of the audit, by one change. */
export const suspendFor = Effect.fnUntraced(function* (id: CustomerId, reason: string, seconds: number) {
  const repository = yield* CustomerRepository
  yield* repository.modify(id, (current) =>
    // From the second time on as from the first.
    AccountDecisions.suspend({ ...current, status: "active" }, reason, circumstances(seconds))
  )
})

/** Something that happens to a customer: an event, a line of the audit, or both; the clock may be a bad one. */
export interface Deed {
  readonly kind: "login" | "rename" | "suspend"
  readonly seconds: number
}

export const deeds: fc.Arbitrary<ReadonlyArray<Deed>> = fc.array(
  fc.record(
    {
      kind: fc.constantFrom("login" as const, "rename" as const, "suspend" as const),
      seconds: fc.integer({ min: -3, max: 60 })
    },
    { noNullPrototype: true }
  ),
  { maxLength: 10 }
)

/** Has it happen to somebody. */
export const act = Effect.fnUntraced(function* (id: CustomerId, { kind, seconds }: Deed) {
  const repository = yield* CustomerRepository
  const when = circumstances(seconds)
  const login = { action: "logged_in", actorKind: "customer", actor: id, at: when.now } as const
  if (kind === "suspend") return yield* suspendFor(id, freshWord(), seconds)
  yield* kind === "login"
    ? repository.modify(id, bringing({ audits: [login] }))
    : repository.modify(id, (current) => Decisions.update(current, { profile: { firstName: freshWord() } }, when))
})
