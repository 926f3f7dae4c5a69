import type { Workload } from "../load/Workload.ts"
import { customerId } from "../seededCustomers.ts"
import { checkCustomer, commonHeaders, getRequest } from "./requests.ts"

// Prime, and no divisor of a population used here: visits all before it comes back to one.
const stride = 7919

/** Reads each of `population` customers once before it reads one again. */
export const coldRead = (token: string, population: number): Workload => {
  const headers = commonHeaders(token)
  let visits = 0
  return {
    next: () => {
      const id = customerId(((visits * stride) % population) + 1)
      visits += 1
      return { request: getRequest(`/v1/customers/${id}`, headers), check: (answer) => checkCustomer(answer, id) }
    }
  }
}
