import {
  CustomerChanges,
  CustomerDocument,
  CustomerStatus,
  CustomerType,
  NewCustomer,
  SegmentLabel,
  Text,
  Tier
} from "@customer-service/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Authorization, requires } from "./Authorization.ts"
import { success } from "./Envelope.ts"
import { bodyFailures, customerFailures, failure } from "./Failure.ts"
import { Cursor, Limit, Moment, Page } from "./listParts.ts"
import { ConditionalRead, ConditionalWrite, customerPath, KeyedWrite } from "./requestParts.ts"

/** The body of POST /v1/customers; `password` may be left out where a service creates the customer. */
export const CreateCustomer = Schema.Struct({
  ...NewCustomer.fields,
  password: Schema.optionalKey(
    Schema.String.check(Schema.isMaxLength(1024)).annotate({
      writeOnly: true,
      description: "Kept as a hash alone; how long it must be is up to the shop."
    })
  )
}).annotate({ identifier: "CreateCustomer" })

export const UpdateCustomer = CustomerChanges.annotate({ identifier: "UpdateCustomer" })

/** The filters of GET /v1/customers. `ids` (at most 100, separated by commas) reads a batch and takes no other filter. */
export const CustomerFilters = Schema.Struct({
  limit: Schema.optionalKey(Limit),
  cursor: Schema.optionalKey(Cursor),
  email: Schema.optionalKey(Text.Text(254)),
  q: Schema.optionalKey(Text.RequiredText(100)),
  status: Schema.optionalKey(CustomerStatus),
  type: Schema.optionalKey(CustomerType),
  segment: Schema.optionalKey(SegmentLabel),
  tier: Schema.optionalKey(Tier),
  createdAfter: Schema.optionalKey(Moment),
  createdBefore: Schema.optionalKey(Moment),
  updatedAfter: Schema.optionalKey(Moment),
  ids: Schema.optionalKey(Text.Text(3800))
})
export type CustomerFilters = typeof CustomerFilters.Type

export const CustomerAnswer = success("CustomerAnswer", { customer: CustomerDocument })
export const CustomersAnswer = success("CustomersAnswer", { customers: Schema.Array(CustomerDocument), page: Page })

const create = HttpApiEndpoint.post("createCustomer", "/v1/customers", {
  headers: KeyedWrite,
  payload: CreateCustomer,
  success: CustomerAnswer.pipe(HttpApiSchema.status(201)),
  error: [
    ...bodyFailures,
    failure("INVALID_EMAIL_FORMAT"),
    failure("WEAK_PASSWORD"),
    failure("EMAIL_ALREADY_EXISTS"),
    failure("IDEMPOTENCY_KEY_REUSED")
  ]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({ summary: "Create a customer", description: "Services and staff create accounts here." })
  )

const list = HttpApiEndpoint.get("listCustomers", "/v1/customers", {
  query: CustomerFilters,
  success: CustomersAnswer,
  error: [failure("VALIDATION_FAILED"), failure("INVALID_EMAIL_FORMAT")]
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "List customers",
      description: "Newest first, page by page. Staff list and search; services may read a batch by `ids`."
    })
  )

const get = HttpApiEndpoint.get("getCustomer", "/v1/customers/:customerId", {
  params: customerPath,
  headers: ConditionalRead,
  success: [CustomerAnswer, HttpApiSchema.Empty(304)],
  error: customerFailures
})
  .annotateMerge(requires("customers:read"))
  .annotateMerge(OpenApi.annotations({ summary: "Get a customer", description: "By id or by Magento id." }))

const update = HttpApiEndpoint.put("updateCustomer", "/v1/customers/:customerId", {
  params: customerPath,
  headers: ConditionalWrite,
  payload: UpdateCustomer,
  success: CustomerAnswer,
  error: [...bodyFailures, ...customerFailures, failure("VERSION_CONFLICT")]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Update profile and preferences",
      description: "Merges field by field: an absent field stays, `null` clears an optional one."
    })
  )

const deactivate = HttpApiEndpoint.delete("deactivateCustomer", "/v1/customers/:customerId", {
  params: customerPath,
  headers: ConditionalWrite,
  success: CustomerAnswer,
  error: [...customerFailures, failure("VERSION_CONFLICT")]
})
  .annotateMerge(requires("customers:write"))
  .annotateMerge(
    OpenApi.annotations({
      summary: "Deactivate a customer",
      description: "Closes the account. From then on it reads as not found, except for staff."
    })
  )

/** Customers as a whole. */
export class CustomerApi extends HttpApiGroup.make("customers", { topLevel: true })
  .add(create, list, get, update, deactivate)
  .middleware(Authorization)
  .annotateMerge(OpenApi.annotations({ title: "Customers", description: "Accounts, profiles and preferences." })) {}
