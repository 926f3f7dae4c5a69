import type { Failure } from "@customer-service/api"
import type { InputIssue } from "@customer-service/core"
import { ByteSize, Effect } from "effect"
import { HttpIncomingMessage, type HttpServerError, type HttpServerRequest } from "effect/http"
import { isUtf8 } from "node:buffer"

/** The largest body that is read, in bytes. */
const maxBodyBytes = 65_536

// Nothing is nested deeper than the rules of segments: ten of them, each in a list of the one around it.
const maxDepth = 24

// Keys that reach an object's prototype, or that typed-JSON readers take for a class to instantiate.
const dangerous = new Set(["__proto__", "constructor", "prototype", "@type", "@class", "$type"])

const tooLarge: Failure = { code: "PAYLOAD_TOO_LARGE", message: `The body must be at most ${maxBodyBytes} bytes` }

const notJson: Failure = { code: "UNSUPPORTED_MEDIA_TYPE", message: "The body must be sent as application/json" }

const refuse = (path: string, message: string): Failure => ({
  code: "VALIDATION_FAILED",
  message: "The request is not valid",
  details: [{ path, message }]
})

/** The first thing in a JSON value that no endpoint may see, whatever its schema. */
const findDanger = (value: unknown, path: string, depth: number): InputIssue | undefined => {
  if (typeof value === "string") {
    return value.isWellFormed() && !value.includes("\u0000")
      ? undefined
      : { path, message: "must not hold U+0000 or lone surrogates" }
  }
  if (typeof value !== "object" || value === null) return undefined
  if (depth > maxDepth) return { path, message: `must not be nested deeper than ${maxDepth} levels` }
  for (const [key, inner] of Object.entries(value)) {
    const place = path === "" ? key : `${path}.${key}`
    if (dangerous.has(key)) return { path: place, message: "is not a field" }
    const danger = findDanger(inner, place, depth + 1)
    if (danger !== undefined) return danger
  }
  return undefined
}

const decoder = new TextDecoder()

const check = (bytes: ArrayBuffer): Failure | undefined => {
  // Whether a body may be missing is for the endpoint to say.
  if (bytes.byteLength === 0) return undefined
  // Decoded all the same, such bytes would be kept as other text than was sent.
  if (!isUtf8(bytes)) return refuse("", "must be UTF-8 text")
  try {
    const danger = findDanger(JSON.parse(decoder.decode(bytes)), "", 1)
    return danger === undefined ? undefined : refuse(danger.path, danger.message)
  } catch {
    return refuse("", "must be valid JSON")
  }
}

const isJson = (contentType: string | undefined): boolean =>
  contentType === undefined || /^application\/json\s*(;|$)/i.test(contentType)

const limit = ByteSize.bytes(maxBodyBytes)

const refusalOf = ({ reason }: HttpServerError.HttpServerError): Failure =>
  reason._tag === "RequestParseError" && reason.reason === "BodyTooLarge" ? tooLarge : refuse("", "must be valid JSON")

/**
 * Reads the body, within its limit, and looks for what no endpoint may see: another content type, JSON that is not,
 * nesting without end, keys that poison prototypes, text that cannot be stored. Undefined where all is well; the
 * text stays with the request for the endpoint to decode.
 */
export const refusalOfBody = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<Failure | undefined> => {
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) return Effect.succeed(tooLarge)
  if (!isJson(request.headers["content-type"])) return Effect.succeed(notJson)
  // A length that was not announced is counted while it comes in.
  const bytes = Effect.provideService(request.arrayBuffer, HttpIncomingMessage.MaxBodySize, limit)
  return Effect.match(bytes, { onSuccess: check, onFailure: refusalOf })
}
