import type { Workload } from "../load/Workload.ts"
import { customerId } from "../seededCustomers.ts"
import { checkCustomer, commonHeaders, getRequest } from "./requests.ts"

/** Reads a few customers again and again. */
export const hotRead = (token: string, customers: number): Workload => {
  const exchanges = Array.from({ length: customers }, (_, index) => {
    const id = customerId(index + 1)
    return {
      request: getRequest(`/v1/customers/${id}`, commonHeaders(token)),
      check: (answer: Parameters<typeof checkCustomer>[0]) => checkCustomer(answer, id)
    }
  })
  let turn = 0
  return {
    next: () => {
      turn = (turn + 1) % customers
      return exchanges[turn] as (typeof exchanges)[number]
    }
  }
}
