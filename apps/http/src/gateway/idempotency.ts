import { type Actor, CurrentActor } from "@customer-service/core"
import { Context, Effect, Redacted } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"
import { createHash, createHmac, randomBytes } from "node:crypto"
import { canonicalPath } from "./routes.ts"

/** An answer as it is kept under an idempotency key. */
interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const digest = (...parts: ReadonlyArray<string>): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex")

/** The name of a request: the same key means another request for another actor, method or path. */
const nameOf = (actor: Actor, { method, url }: HttpServerRequest.HttpServerRequest, key: string): string =>
  digest(actor.kind, actor.subject, method, canonicalPath(url), key)

/**
 * The secret that fingerprints of bodies are keyed with. A plain digest of a body with a password could be searched for
 * the password by whoever reads the table.
 */
export const FingerprintSecret = Context.Reference<Redacted.Redacted>("@customer-service/http/FingerprintSecret", {
  defaultValue: () => Redacted.make(randomBytes(32).toString("hex"))
})

const fingerprintOf = (body: string, secret: Redacted.Redacted): string =>
  createHmac("sha256", `fingerprint:${Redacted.value(secret)}`)
    .update(body)
    .digest("hex")

/** What makes the running request happen once, whatever it writes; undefined where its caller gave no key. */
export const onceOf = Effect.fnUntraced(function* <Written>(
  request: HttpServerRequest.HttpServerRequest,
  key: string | undefined,
  answer: (written: Written) => KeptAnswer
) {
  if (key === undefined) return undefined
  const actor = yield* CurrentActor
  const body = yield* Effect.orDie(request.text)
  return {
    key: nameOf(actor, request, key),
    fingerprint: fingerprintOf(body, yield* FingerprintSecret),
    answer: (written: Written) => JSON.stringify(answer(written))
  }
})

/** An answer in the form that is sent. */
export const respond = ({ body, headers, status }: KeptAnswer): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(body, { status, headers, contentType: "application/json" })

/** The first answer once more, marked as a repetition. */
export const replay = (answer: string): HttpServerResponse.HttpServerResponse => {
  const kept = JSON.parse(answer) as KeptAnswer
  return respond({ ...kept, headers: { ...kept.headers, "idempotent-replayed": "true" } })
}
