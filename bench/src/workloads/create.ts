import type { Workload } from "../load/Workload.ts"
import { password } from "../loginAccounts.ts"
import { bodyRequest, commonHeaders } from "./requests.ts"

const bodyOf = (email: string): string =>
  JSON.stringify({
    email,
    password,
    profile: { firstName: "Grace", lastName: "Hopper", dateOfBirth: "1986-12-09", phone: "+1-202-555-0143" },
    preferences: { language: "en", marketing: { emailOptIn: true, smsOptIn: false } }
  })

/** Creates customers with passwords, each with a mail address of her own. */
export const create = (token: string): Workload => {
  const headers = commonHeaders(token)
  const run = Date.now().toString(36)
  let created = 0
  return {
    next: () => {
      created += 1
      return {
        request: bodyRequest("POST", "/v1/customers", headers, bodyOf(`grace.${run}.${created}@example.com`)),
        check: (answer) => (answer.status === 201 ? undefined : "not 201")
      }
    }
  }
}
