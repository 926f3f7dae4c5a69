import { jwtVerify } from "jose"
import { settings } from "./settings.ts"

/** Who is asking, and how often she may. */
export interface Caller {
  readonly kind: "customer" | "service" | "staff"
  readonly subject: string
  readonly scopes: ReadonlySet<string>
  readonly limit: number
  readonly limitKey: string
}

interface Kept {
  readonly caller: Caller
  readonly validUntil: number
}

const capacity = 10_000
const timeToLive = 60_000
const longestToken = 8192
const secret = new TextEncoder().encode(settings.jwtSecret)
const verified = new Map<string, Kept>()

const kindOf = (subject: string, clientId: unknown, scopes: ReadonlySet<string>): Caller["kind"] | undefined => {
  if (scopes.has("customers:admin")) return "staff"
  if (clientId !== undefined) return clientId === subject ? "service" : undefined
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subject) ? "customer" : undefined
}

const callerOf = (claims: Record<string, unknown>): Caller | undefined => {
  const { sub, client_id, scope = "", scopes: list = [] } = claims
  if (typeof sub !== "string" || typeof scope !== "string" || !Array.isArray(list)) return undefined
  const scopes = new Set<string>([...scope.split(" "), ...list])
  const kind = kindOf(sub, client_id, scopes)
  if (kind === undefined) return undefined
  const limit = kind === "service" ? settings.clientLimit : settings.userLimit
  return {
    kind,
    subject: kind === "customer" ? sub.toLowerCase() : sub,
    scopes,
    limit,
    limitKey: `customers:limit:bare:${sub}`
  }
}

/** The caller of a token that was verified within the last minute. */
export const knownCaller = (token: string, now: number): Caller | undefined => {
  const kept = verified.get(token)
  return kept !== undefined && now < kept.validUntil ? kept.caller : undefined
}

/** Verifies a token's signature and time; undefined where it is not good or names nobody. */
export const verifyToken = async (token: string, now: number): Promise<Caller | undefined> => {
  if (token.length > longestToken) return undefined
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ["HS256"],
      requiredClaims: ["exp"],
      clockTolerance: 5
    })
    const caller = callerOf(payload)
    if (caller === undefined || payload.exp === undefined) return undefined
    const oldest = verified.size >= capacity ? verified.keys().next().value : undefined
    if (oldest !== undefined) verified.delete(oldest)
    verified.set(token, { caller, validUntil: Math.min(payload.exp * 1000, now + timeToLive) })
    return caller
  } catch {
    return undefined
  }
}

/** Whether the caller's scopes cover `scope`. */
export const mayUse = (caller: Caller, scope: string): boolean =>
  caller.scopes.has(scope) || caller.scopes.has("customers:admin")
