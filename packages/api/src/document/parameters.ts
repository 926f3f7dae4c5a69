import type { Parameter, Reference, Schema } from "./Document.ts"

/** What is told of a parameter beyond its type; `schema` adds what its Effect schema cannot say of text in a URL. */
interface ParameterNote {
  readonly name?: string
  readonly description: string
  readonly schema?: Schema
}

const uuid = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
const moment = { anyOf: [{ format: "date-time" }, { format: "date" }], examples: ["2024-10-29T14:30:00Z"] }

/** Every parameter of the API, by the name its endpoint gives it. */
const parameterNotes: Readonly<Record<string, ParameterNote>> = {
  customerId: {
    description: "The customer's UUID, or her Magento id (1 to 4294967295).",
    schema: { pattern: `^(${uuid}|[1-9][0-9]{0,9})$`, examples: ["0185b4df-2100-7a3e-9c41-5b2f8d6e1a70", "4711"] }
  },
  addressId: { description: "The address's UUID.", schema: { format: "uuid" } },
  sessionId: { description: "The session's UUID.", schema: { format: "uuid" } },
  segmentId: {
    description: "The segment's UUID, or its name.",
    schema: { examples: ["vip-customers", "0192dd01-7a00-7c44-9b60-1f0a8e6d2c95"] }
  },
  asOf: {
    description: "What held at this moment, instead of a page of the ledger: `limit` and `cursor` do not matter then.",
    schema: moment
  },
  limit: {
    description: "How many to answer at most.",
    schema: { type: "integer", minimum: 1, maximum: 200, default: 50 }
  },
  cursor: { description: "Where the page before ended: its `page.nextCursor`, taken as it is." },
  email: { description: "The whole mail address, in any capitals.", schema: { examples: ["john.doe@example.com"] } },
  q: {
    description: "How the mail address, the first or the last name begins, in any capitals.",
    schema: { examples: ["doe"] }
  },
  status: { description: "Customers of this status alone." },
  type: { description: "Customers of this type alone." },
  segment: { description: "Customers with this label alone." },
  tier: { description: "Customers of this tier alone." },
  createdAfter: { description: "Customers created after this moment.", schema: moment },
  createdBefore: { description: "Customers created before this moment.", schema: moment },
  updatedAfter: { description: "Customers changed after this moment.", schema: moment },
  ids: {
    description:
      "Reads a batch instead of a list: up to 100 UUIDs separated by commas. Other filters beside it are refused.",
    schema: { examples: ["0185b4df-2100-7a3e-9c41-5b2f8d6e1a70,0190b5d0-0000-7000-8000-000000000000"] }
  },
  "if-none-match": {
    name: "If-None-Match",
    description: "A version read before, as its ETag: 304 without a body if it still holds.",
    schema: { examples: ['"42"'] }
  },
  "if-match": {
    name: "If-Match",
    description: "The version that is to be changed, as its ETag: 412 if it is not the current one.",
    schema: { examples: ['"42"'] }
  },
  "idempotency-key": {
    name: "Idempotency-Key",
    description:
      "A key of your choice: under it the same request happens once, and is answered the same for 24 hours. " +
      "With another body it is refused.",
    schema: {
      pattern: "^[\\x21-\\x7e]+$",
      minLength: 1,
      maxLength: 255,
      examples: ["c0b6a7f2-8a43-4c19-9f1e-2d7b1a0e5c3d"]
    }
  }
}

/** The request header that every operation takes. */
export const correlationIdParameter: Parameter = {
  name: "X-Correlation-Id",
  in: "header",
  required: false,
  description: "Your id for the request: it is answered, logged and put into events. One is made if it is not given.",
  schema: { type: "string", pattern: "^[A-Za-z0-9._:-]{1,128}$", examples: ["0f8fad5b-d9cb-469f-a165-70867728950e"] }
}

/** A parameter with what is known of it beyond its type. */
export const describeParameter = (parameter: Parameter | Reference): Parameter | Reference => {
  if ("$ref" in parameter) return parameter
  const note = parameterNotes[parameter.name]
  if (note === undefined) return parameter
  const { description: _, ...schema } = { ...parameter.schema, ...note.schema }
  return { ...parameter, name: note.name ?? parameter.name, description: note.description, schema }
}
