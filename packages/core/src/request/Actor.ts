import { Context } from "effect"

/** What a token may ask for. `customers:admin` implies the other two. */
export type AccessScope = "customers:read" | "customers:write" | "customers:admin"

/**
 * Who is asking: a customer (`subject` is her customer id), a service client, or a member of staff. `sessionId` names
 * the session that her token lives by; a token that no login gave has none.
 */
export interface Actor {
  readonly kind: "customer" | "service" | "staff"
  readonly subject: string
  readonly scopes: ReadonlySet<string>
  readonly sessionId?: string | undefined
}

/** Whether the actor's scopes cover `scope`. */
export const hasScope = (actor: Actor, scope: AccessScope): boolean =>
  actor.scopes.has(scope) || actor.scopes.has("customers:admin")

/** Whether the actor may see customers that are deactivated, and lists of customers. */
export const isAdmin = (actor: Actor): boolean => actor.scopes.has("customers:admin")

/** Somebody who has not said who she is: she may do nothing that needs a scope, and reaches nobody. */
export const nobody: Actor = { kind: "customer", subject: "nobody", scopes: new Set() }

const occasions = ["events", "system", "time"] as const

/**
 * The service itself, under the name of what set it off: what other services told, that the time had come, or
 * anything else that nobody asked for.
 */
export const itself = (occasion: (typeof occasions)[number]): Actor => ({
  kind: "service",
  subject: occasion,
  scopes: new Set(["customers:admin"])
})

/** Whether it was the service itself, and nobody else. */
export const isItself = ({
  kind,
  subject
}: {
  readonly kind: string
  readonly subject?: string | undefined
}): boolean => kind === "service" && occasions.some((occasion) => occasion === subject)

/**
 * The actor of the running request, for the ledgers that record who changed what. Code that embeds the
 * core in process acts as the service `embedded` unless it provides its own.
 */
export const CurrentActor = Context.Reference<Actor>("@customer-service/core/CurrentActor", {
  defaultValue: () => ({ kind: "service", subject: "embedded", scopes: new Set(["customers:admin"]) })
})
