import { type Actor, CurrentActor } from "@customer-service/core"
import { Layer } from "effect"

/** Whoever runs these commands can read the database anyway; the audit tells them from people at the API. */
const staff: Actor = { kind: "staff", subject: "cli", scopes: new Set(["customers:admin"]) }

/** The use cases are run for the shop's staff, in the name of the command line. */
export const actor: Layer.Layer<never> = Layer.succeed(CurrentActor, staff)
