import {
  type ConsentEntry,
  CustomerId,
  ErasureReceipt,
  type ErasureRequest,
  Instant,
  Text
} from "@customer-service/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Authorization, requires } from "./Authorization.ts"
import { success } from "./Envelope.ts"
import { bodyFailures, customerFailures, failure } from "./Failure.ts"
import { ifSet } from "./ifSet.ts"
import { Cursor, Limit, Moment, Page } from "./listParts.ts"
import { customerPath, KeyedWrite } from "./requestParts.ts"

const purposes = [
  "marketing",
  "order_updates",
  "promotions",
  "newsletter",
  "data_sharing",
  "analytics",
  "cookies"
] as const satisfies ReadonlyArray<ConsentEntry["purpose"]>
const channels = ["email", "sms", "push", "web"] as const satisfies ReadonlyArray<ConsentEntry["channel"]>
const sources = ["default", "customer", "service", "staff"] as const satisfies ReadonlyArray<ConsentEntry["source"]>
const states = ["planned", "running", "done", "cancelled"] as const satisfies ReadonlyArray<ErasureRequest["state"]>

const Consent = Schema.Struct({
  purpose: Schema.Literals(purposes),
  channel: Schema.Literals(channels),
  state: Schema.Literals(["granted", "withdrawn"]),
  source: Schema.Literals(sources).annotate({
    description: "Who said so; `default` where nobody did and the shop's default was applied."
  }),
  recordedBy: Schema.String.annotate({ description: "The subject of whose token it was." }),
  recordedAt: Instant
}).annotate({ identifier: "Consent" })

/** What of the ledger is asked for: a page, or all that held as of a moment. */
export const ConsentFilters = Schema.Struct({
  limit: Schema.optionalKey(Limit),
  cursor: Schema.optionalKey(Cursor),
  asOf: Schema.optionalKey(Moment)
})
export type ConsentFilters = typeof ConsentFilters.Type

export const ConsentsAnswer = success("ConsentsAnswer", { consents: Schema.Array(Consent), page: Page })

const PersonalExport = Schema.Struct({
  customerId: CustomerId,
  generatedAt: Instant,
  holders: Schema.Record(Schema.String, Schema.Array(Schema.Unknown)).annotate({
    description: "What each place holds, by the place's name. Secrets are named and not shown."
  })
}).annotate({ identifier: "PersonalExport" })

export const ExportAnswer = success("ExportAnswer", { export: PersonalExport })

export const EraseCustomer = Schema.Struct({
  when: Schema.Literals(["now", "planned"]).annotate({ description: "At once, or after the shop's days of grace." }),
  reason: Text.RequiredText(500).annotate({
    description: "Why, for the audit.",
    examples: ["she asked for it by mail"]
  })
}).annotate({ identifier: "EraseCustomer" })

/** An erasure as it is told. */
export const ErasureView = Schema.Struct({
  customerId: CustomerId,
  state: Schema.Literals(states),
  dueAt: Instant,
  requestedAt: Instant,
  requestedBy: Schema.String.annotate({ description: "The subject of whose token it was." }),
  reason: ifSet(Schema.String.annotate({ description: "Why; gone once the erasure is done." })),
  finishedAt: ifSet(Instant),
  receipt: ifSet(ErasureReceipt)
}).annotate({ identifier: "Erasure" })

export const ErasureAnswer = success("ErasureAnswer", { erasure: ErasureView })

const listConsents = HttpApiEndpoint.get("listConsents", "/v1/customers/:customerId/consents", {
  params: customerPath,
  query: ConsentFilters,
  success: ConsentsAnswer,
  error: [...customerFailures, failure("VALIDATION_FAILED")]
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "List consents",
      description:
        "The ledger of what she agreed to and withdrew, oldest first, page by page; with `asOf` what held at that moment."
    })
  )

const exportCustomer = HttpApiEndpoint.get("exportCustomer", "/v1/customers/:customerId/export", {
  params: customerPath,
  success: ExportAnswer,
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Export everything held on a customer",
      description: "For herself and for staff (Articles 15 and 20 of the GDPR)."
    })
  )

const erase = HttpApiEndpoint.post("eraseCustomer", "/v1/customers/:customerId/erasure", {
  params: customerPath,
  headers: KeyedWrite,
  payload: EraseCustomer,
  success: [ErasureAnswer, ErasureAnswer.pipe(HttpApiSchema.status(202))],
  error: [...customerFailures, ...bodyFailures, failure("IDEMPOTENCY_KEY_REUSED")]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Erase a customer",
      description: "At once, or planned; one who is erased already is answered with her receipt."
    })
  )

const cancelErasure = HttpApiEndpoint.delete("cancelErasure", "/v1/customers/:customerId/erasure", {
  params: customerPath,
  success: ErasureAnswer,
  error: [...customerFailures, failure("ERASURE_NOT_FOUND"), failure("ERASURE_UNDER_WAY")]
})
  .annotateMerge(requires("customers:admin"))
  .annotateMerge(
    OpenApi.annotations({ summary: "Cancel a planned erasure", description: "As long as it has not begun." })
  )

const getErasure = HttpApiEndpoint.get("getErasure", "/v1/customers/:customerId/erasure", {
  params: customerPath,
  success: ErasureAnswer,
  error: [...customerFailures, failure("ERASURE_NOT_FOUND")]
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "See how an erasure stands",
      description: "Once it is done, with the signed receipt of what was erased and where it was looked for again."
    })
  )

/** What is held on a customer, what she agreed to, and that she is gone. */
export class PrivacyApi extends HttpApiGroup.make("privacy", { topLevel: true })
  .add(listConsents, exportCustomer, erase, cancelErasure, getErasure)
  .middleware(Authorization)
  .annotateMerge(OpenApi.annotations({ title: "Privacy", description: "Consents, export and erasure." })) {}
