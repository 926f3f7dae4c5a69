import { EventPublisher } from "@customer-service/core"
import { Option, Predicate, Schema } from "effect"

/** What is known of a request to the sidecar that came to nothing; never what was sent. */
export interface RequestFailure {
  /** The status of the answer; undefined where there was none. */
  readonly status?: number
  /** The sidecar's or the system's name of what went wrong: `ERR_PUBSUB_NOT_FOUND`, `ECONNREFUSED`. */
  readonly code?: string
  /** Milliseconds that were waited in vain. */
  readonly waited?: number
  /** The ids of the entries of a bulk that did not go out; empty where the answer names none. */
  readonly failedEntries: ReadonlyArray<string>
}

// The client throws an answer as the message of an error.
const decodeAnswer = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ status: Schema.Int, error_msg: Schema.String }))
)

const decodeBody = Schema.decodeUnknownOption(
  Schema.fromJsonString(
    Schema.Struct({
      errorCode: Schema.optionalKey(Schema.String),
      failedEntries: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Struct({ entryId: Schema.String }))))
    })
  )
)

const codeForm = /^[A-Z][A-Z_]{1,60}$/

// Other text may quote what was sent.
const codeOf = (code: unknown): { readonly code?: string } =>
  typeof code === "string" && codeForm.test(code) ? { code } : {}

const field = (error: unknown, name: string): unknown => (Predicate.hasProperty(error, name) ? error[name] : undefined)

/** What an error of the client tells. */
export const readFailure = (error: unknown): RequestFailure => {
  const answer = Option.getOrUndefined(decodeAnswer(field(error, "message")))
  if (answer === undefined) return { ...codeOf(field(error, "code")), failedEntries: [] }
  const body = Option.getOrUndefined(decodeBody(answer.error_msg))
  return {
    status: answer.status,
    ...codeOf(body?.errorCode),
    failedEntries: (body?.failedEntries ?? []).map(({ entryId }) => entryId)
  }
}

/** These say that what was sent will not do. */
const refusals = new Set([400, 413, 422])

/** Of the other 4xx these are about the caller or the moment. */
const notAboutContent = new Set([401, 403, 408, 429])

/** The sidecar says with a 400 too that it does not have the component, or not yet. */
const isAboutComponent = ({ code = "" }: RequestFailure): boolean =>
  /^ERR_PUBSUB_(NOT_CONFIGURED|NOT_FOUND|EMPTY|FORBIDDEN)$/.test(code)

/** Whether a bulk was not taken for what is in it, or for being one: each of its events may fare otherwise. */
export const isAboutBulk = (failure: RequestFailure): boolean => {
  const { failedEntries, status = 0 } = failure
  const isAboutContent = status >= 400 && status < 500 && !notAboutContent.has(status) && !isAboutComponent(failure)
  return isAboutContent && failedEntries.length === 0
}

const tell = ({ code, status, waited }: RequestFailure): string => {
  if (waited !== undefined) return `the sidecar gave no answer within ${waited} ms`
  const name = code === undefined ? "" : ` (${code})`
  return status === undefined ? `the sidecar cannot be reached${name}` : `the sidecar answered ${status}${name}`
}

/** The failure of a request as one of the bus. */
export const unavailable = (failure: RequestFailure): EventPublisher.BusUnavailable =>
  new EventPublisher.BusUnavailable({ reason: tell(failure) })

/** Why an event that was published by itself did not go out: refused is one that will be the next time too. */
export const failureOf = (failure: RequestFailure): EventPublisher.BusUnavailable | EventPublisher.EventRefused =>
  refusals.has(failure.status ?? 0) && !isAboutComponent(failure)
    ? new EventPublisher.EventRefused({ reason: tell(failure) })
    : unavailable(failure)
