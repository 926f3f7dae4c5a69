import { AccessToken, type AccessScope } from "@customer-service/core"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { CommandMisused } from "../failures.ts"
import { json } from "../flags.ts"
import { answer } from "../output.ts"

const scopes = ["customers:read", "customers:write", "customers:admin"] as const satisfies ReadonlyArray<AccessScope>

const isScope = (text: string): text is AccessScope => scopes.some((scope) => scope === text)

const asked = (text: string): ReadonlyArray<string> => text.split(/[\s,]+/).filter((part) => part !== "")

const scope = Flag.String("scope").pipe(
  Flag.filterMap(
    (text) => {
      const parts = asked(text)
      return parts.length > 0 && parts.every(isScope) ? Option.some(parts.filter(isScope)) : Option.none()
    },
    () => `Expected scopes out of ${scopes.join(", ")}, separated by commas`
  ),
  Flag.withMetavar("<scopes>"),
  Flag.withDescription(`What the token may do: ${scopes.join(", ")}, separated by commas`)
)

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const longestLife = 365 * 86_400

const secondsOf = (text: string): Option.Option<number> => {
  const [, amount = "", unit = ""] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const seconds = Number(amount) * (unitSeconds[unit] ?? 0)
  return seconds > 0 && seconds <= longestLife ? Option.some(seconds) : Option.none()
}

const ttl = Flag.String("ttl").pipe(
  Flag.withDefault("1h"),
  Flag.filterMap(secondsOf, () => "Expected a time such as 90s, 30m, 1h or 7d, at most 365d"),
  Flag.withMetavar("<time>"),
  Flag.withDescription("How long it is good: 90s, 30m, 1h (the default), 7d; at most 365d")
)

const subject = Flag.String("subject").pipe(
  Flag.optional,
  Flag.withDescription("Whom it speaks for: a customer's id, or anybody's name with customers:admin")
)

const client = Flag.String("client").pipe(
  Flag.optional,
  Flag.withDescription("The service client that it speaks for (default, without --subject: cli)")
)

/** The names in a token: a client is its subject too, and without any name the token is the command line's own. */
const namesOf = (subject: string | undefined, client: string | undefined) => {
  const named = client ?? (subject === undefined ? "cli" : undefined)
  return { subject: subject ?? named ?? "cli", ...(named === undefined ? {} : { clientId: named }) }
}

/** `token issue`: signs an access token with the service's own key. */
export const tokenIssue = Command.make(
  "issue",
  { scope, subject, client, ttl, json },
  Effect.fnUntraced(function* (flags) {
    const names = namesOf(Option.getOrUndefined(flags.subject), Option.getOrUndefined(flags.client))
    const client = names.clientId === undefined ? {} : { client_id: names.clientId }
    if (AccessToken.actorOf({ sub: names.subject, scopes: flags.scope, ...client }) === undefined) {
      return yield* new CommandMisused({
        message:
          "Nobody could act with this token: without customers:admin, --subject must be a customer's id (a UUID), " +
          "and a service is named by --client alone"
      })
    }
    const { sign } = yield* AccessToken.TokenSigner
    const { verify } = yield* AccessToken.TokenVerifier
    const token = yield* sign({ ...names, scopes: flags.scope, expiresIn: flags.ttl })
    const { expiresAt } = yield* verify(token)
    return yield* answer(flags.json, { token, expiresAt: new Date(expiresAt).toISOString() }, token)
  })
).pipe(
  Command.withDescription("Sign an access token with the key that the service uses; stdout holds the token alone"),
  Command.withExamples([
    {
      command: "customer-service token issue --scope customers:read,customers:write --client checkout",
      description: "For the service client `checkout`"
    },
    {
      command: "customer-service token issue --scope customers:admin --subject anna@example.com --ttl 30m",
      description: "For a member of staff, for half an hour"
    }
  ])
)
