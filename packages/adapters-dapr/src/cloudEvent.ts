import { createHash } from "node:crypto"
import type { IncomingMessage } from "@customer-service/core"
import { Option, Predicate, Schema } from "effect"

type Fields = Readonly<Record<PropertyKey, unknown>>

const longestName = 200

const isName = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= longestName

/** Deeper than any message needs to be; what is far deeper could not even be written down again. */
const deepest = 100

const isTooDeep = (value: unknown, levels = deepest): boolean =>
  Predicate.isObjectOrArray(value) &&
  (levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1)))

/** The message instead of one that could not be kept. */
const instead = "nested too deeply to be kept"

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

/** The JSON in a text, and else the text. */
const parse = (text: string): unknown => Option.getOrElse(decodeJson(text), () => text)

const isCloudEvent = (event: unknown): event is Fields =>
  Predicate.isReadonlyObject(event) && typeof event["specversion"] === "string"

const dataOf = ({ data, data_base64: bytes }: Fields): unknown => {
  if (typeof data === "string") return parse(data)
  if (data === undefined && typeof bytes === "string") return parse(Buffer.from(bytes, "base64").toString("utf8"))
  return data
}

/** An id for what has none: the same each time it is delivered. */
const digestOf = (data: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(data) ?? "")
    .digest("hex")

/**
 * The message in a CloudEvent: its data as an object where it is JSON, sent as such, as text or as base64. What is no
 * CloudEvent (somebody published it raw) is data itself. Whatever it is, it becomes a message, so that one that makes
 * no sense is kept as a dead letter instead of being delivered for ever.
 */
export const readCloudEvent = (event: unknown, topic: string): IncomingMessage => {
  const fields = isCloudEvent(event) ? event : { data: event }
  const read = dataOf(fields)
  const data = isTooDeep(read) ? instead : (read ?? null)
  return {
    topic: isName(fields["topic"]) ? fields["topic"] : topic,
    id: isName(fields["id"]) ? fields["id"] : digestOf(data),
    data
  }
}
