import { renderSuccess } from "@customer-service/api"
import { type Customer, CustomerDocuments } from "@customer-service/core"
import { versioned } from "../gateway/answers.ts"

/** A customer in the envelope, as text. */
export const body = (customer: Customer): string =>
  renderSuccess("customer", CustomerDocuments.renderDocument(customer).json)

/** A customer as she was written, under her version. */
export const answer = (customer: Customer) => versioned(body(customer), customer.version)
