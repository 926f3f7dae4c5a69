import type { Answer } from "../load/Answer.ts"
import type { Exchange, Workload } from "../load/Workload.ts"
import { customerId } from "../seededCustomers.ts"
import { KnownVersions } from "./KnownVersions.ts"
import { bodyRequest, commonHeaders } from "./requests.ts"

/** An update of a customer, another one each `turn`. */
export class Update implements Exchange {
  readonly request: string
  readonly #versions: KnownVersions
  readonly #customer: number

  constructor(customer: number, headers: string, versions: KnownVersions, turn: number) {
    this.#versions = versions
    this.#customer = customer
    const body = `{"profile":{"firstName":"Ada ${turn}"},"preferences":{"marketing":{"smsOptIn":${turn % 20 === 0}}}}`
    this.request = bodyRequest("PUT", `/v1/customers/${customerId(customer)}`, headers, body)
  }

  check(answer: Answer): string | undefined {
    const version = answer.version()
    if (!(version > 1)) return "update without a version"
    this.#versions.note(this.#customer, version)
    return undefined
  }
}

/** Updates one customer after the other. */
export const update = (token: string, customers: number): Workload => {
  const headers = commonHeaders(token)
  const versions = new KnownVersions(customers)
  let turn = 0
  return {
    next: () => {
      turn += 1
      return new Update((turn % customers) + 1, headers, versions, turn)
    }
  }
}
