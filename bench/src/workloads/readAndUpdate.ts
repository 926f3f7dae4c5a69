import type { Answer } from "../load/Answer.ts"
import type { Exchange, Workload } from "../load/Workload.ts"
import { customerId } from "../seededCustomers.ts"
import type { KnownVersions } from "./KnownVersions.ts"
import { checkCustomer, commonHeaders, getRequest } from "./requests.ts"
import { Update } from "./update.ts"

/** How many of ten requests are updates is one; the order is fixed, so that every slice has the same share. */
const updateEvery = 10

class Read implements Exchange {
  readonly request: string
  readonly #id: string
  readonly #versions: KnownVersions
  readonly #customer: number
  readonly #floor: number

  constructor(customer: number, headers: string, versions: KnownVersions) {
    this.#id = customerId(customer)
    this.#versions = versions
    this.#customer = customer
    this.#floor = versions.newest(customer)
    this.request = getRequest(`/v1/customers/${this.#id}`, headers)
  }

  check(answer: Answer): string | undefined {
    const version = answer.version()
    if (!(version >= this.#floor)) return "stale read"
    this.#versions.note(this.#customer, version)
    return checkCustomer(answer, this.#id)
  }
}

/**
 * Nine reads to one update, each of a customer drawn from `sample`. A read must not show an older version than any
 * answer that had come before it went out.
 */
export const readAndUpdate = (token: string, sample: Uint32Array, versions: KnownVersions): Workload => {
  const headers = commonHeaders(token)
  let turn = 0
  return {
    next: () => {
      turn += 1
      const customer = sample[turn % sample.length] ?? 1
      return turn % updateEvery === 0
        ? new Update(customer, headers, versions, turn)
        : new Read(customer, headers, versions)
    }
  }
}
